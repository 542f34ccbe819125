package io.agentopia.toolbox.agent.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** Loops on a thread each. A step that throws is a bug and is run again after a pause. */
public final class ThreadLoops implements Loops {
  private static final Logger LOG = Logger.getLogger(ThreadLoops.class);
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(5);

  private final Map<String, Running> running = new ConcurrentHashMap<>();

  @Override
  public void start(Loop loop) {
    var started = new Running(loop);
    running.put(loop.name(), started);
    started.thread.start();
  }

  @Override
  public boolean isStarted(String name) {
    return running.containsKey(name);
  }

  @Override
  public void wake(String name) {
    var loop = running.get(name);
    if (loop != null) {
      loop.wake();
    }
  }

  @Override
  public void end(Collection<String> names) {
    names.stream().filter(running::containsKey).map(running::get).forEach(Running::end);
  }

  @Override
  public void stop(Duration within) throws InterruptedException {
    end(running.keySet());
    var deadline = System.nanoTime() + within.toNanos();
    for (var loop : running.values()) {
      loop.thread.join(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
    }
  }

  private static final class Running {
    private final Loop loop;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private volatile boolean ended;

    Running(Loop loop) {
      this.loop = loop;
      Thread.Builder builder =
          switch (loop.kind()) {
            case CALLS_OUT -> Thread.ofVirtual();
            case CALLS_DOCKER -> Thread.ofPlatform().daemon();
          };
      this.thread = builder.name(loop.name()).unstarted(this::run);
    }

    void wake() {
      lock.lock();
      try {
        woken = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    void end() {
      ended = true;
      thread.interrupt();
    }

    private void run() {
      try {
        for (var pause = step(); pause != null && !ended; pause = step()) {
          await(pause);
        }
      } catch (InterruptedException e) {
        if (!ended) {
          LOG.warnf("Loop interrupted, it ends loop=%s", loop.name());
        }
      }
    }

    private Duration step() throws InterruptedException {
      try {
        return ended ? null : loop.step().run();
      } catch (RuntimeException e) {
        if (ended) {
          return null;
        }
        LOG.errorf(
            e, "Step failed unexpectedly, runs again loop=%s pause=%s", loop.name(), AFTER_A_BUG);
        return AFTER_A_BUG;
      }
    }

    private void await(Duration pause) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        var left = Math.max(0, pause.toNanos());
        while (!woken && left > 0) {
          left = changed.awaitNanos(left);
        }
        woken = false;
      } finally {
        lock.unlock();
      }
    }
  }
}
