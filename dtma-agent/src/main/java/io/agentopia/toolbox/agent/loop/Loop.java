package io.agentopia.toolbox.agent.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * One thread that runs a step, waits as long as the step says, and runs it again; {@link #wake()}
 * cuts the wait short. A wake-up carries no data: the step looks at stored state. A step that
 * throws is a bug and is run again after a pause.
 */
public final class Loop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Loop.class);
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(5);

  /** Returns when to run again, or {@code null} for never. */
  @FunctionalInterface
  public interface Step {
    Duration run() throws InterruptedException;
  }

  private final String name;
  private final Step step;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean woken;
  private volatile boolean closed;

  private Loop(String name, Step step, Thread.Builder builder) {
    this.name = name;
    this.step = step;
    this.thread = builder.name(name).unstarted(this::run);
  }

  /** For steps that only call the control plane: waiting costs no thread. */
  public static Loop virtual(String name, Step step) {
    return new Loop(name, step, Thread.ofVirtual());
  }

  /** For steps that call Docker: its socket may hold the carrier of a virtual thread. */
  public static Loop platform(String name, Step step) {
    return new Loop(name, step, Thread.ofPlatform().daemon());
  }

  public Loop start() {
    thread.start();
    return this;
  }

  public boolean isStarted() {
    return thread.getState() != Thread.State.NEW;
  }

  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Asks the loop to end and interrupts what it does; see {@link #join}. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** Waits until the loop has ended, at most {@code limit}. */
  public boolean join(Duration limit) throws InterruptedException {
    return thread.getState() == Thread.State.NEW || thread.join(limit);
  }

  private void run() {
    try {
      for (var pause = runStep(); pause != null && !closed; pause = runStep()) {
        await(pause);
      }
    } catch (InterruptedException e) {
      if (!closed) {
        LOG.warnf("Loop interrupted, it ends loop=%s", name);
      }
    }
  }

  private Duration runStep() throws InterruptedException {
    if (closed) {
      return null;
    }
    try {
      return step.run();
    } catch (RuntimeException e) {
      if (closed) {
        return null;
      }
      LOG.errorf(e, "Step failed unexpectedly, runs again loop=%s pause=%s", name, AFTER_A_BUG);
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

  /** The pause that never ends by itself. */
  public static final Duration UNTIL_WOKEN = Duration.ofNanos(TimeUnit.DAYS.toNanos(365));
}
