package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Loops;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * An agent's loops in the world's time. A step happens at once; what its calls take is spent after
 * it, and until then it is neither run again nor woken. A step that throws is a bug that ends the
 * world.
 */
final class VirtualLoops implements Loops {
  private static final long NEVER = Long.MAX_VALUE;

  /** So that a look follows several things that happen together. */
  private static final long WOKEN_AFTER = 5;

  private static final class Running {
    private final Loop loop;
    private long next = NEVER;
    private long busyUntil;
    private boolean isWoken;

    Running(Loop loop) {
      this.loop = loop;
    }
  }

  private final World world;
  private final DropletAgent agent;
  private final Map<String, Running> loops = new HashMap<>();
  private Running current;
  private long spent;

  VirtualLoops(World world, DropletAgent agent) {
    this.world = world;
    this.agent = agent;
  }

  void spend(long millis) {
    spent += millis;
  }

  @Override
  public void start(Loop loop) {
    var running = new Running(loop);
    loops.put(loop.name(), running);
    plan(running, 0);
  }

  @Override
  public boolean isStarted(String name) {
    return loops.containsKey(name);
  }

  @Override
  public void wake(String name) {
    var loop = loops.get(name);
    if (loop == null) {
      return;
    }
    if (loop == current) {
      loop.isWoken = true;
    } else {
      var now = world.agenda.now();
      plan(loop, Math.max(WOKEN_AFTER, loop.busyUntil - now));
    }
  }

  /** The soonest counts. */
  private void plan(Running loop, long millis) {
    var at = world.agenda.now() + millis;
    if (at < loop.next) {
      loop.next = at;
      agent.in(
          millis,
          () -> {
            if (loop.next == at && loops.get(loop.loop.name()) == loop) {
              run(loop);
            }
          });
    }
  }

  private void run(Running loop) {
    loop.next = NEVER;
    loop.isWoken = false;
    spent = 0;
    current = loop;
    Duration pause;
    try {
      pause = loop.loop.step().run();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts", e);
    } finally {
      current = null;
    }
    loop.busyUntil = world.agenda.now() + spent;
    if (pause != null) {
      var millis = loop.isWoken ? WOKEN_AFTER : Math.max(0, pause.toMillis());
      plan(loop, spent + millis);
    }
  }

  @Override
  public void end(Collection<String> names) {
    names.forEach(loops::remove);
  }

  @Override
  public void stop(Duration within) {
    loops.clear();
  }
}
