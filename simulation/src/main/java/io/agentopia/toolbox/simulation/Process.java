package io.agentopia.toolbox.simulation;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One instance of a service. A crash loses everything it had in mind: what it had noted for later
 * is not done. It comes back after a while, with nothing but what is stored.
 */
final class Process {
  /** Thrown where a process dies in the middle of something. */
  static final class Crash extends RuntimeException {
    private static final Crash ONE = new Crash();

    private Crash() {
      super("crash", null, false, false);
    }
  }

  private static final long FAR = 3_600_000;

  private final World world;
  private final String name;
  private final List<Runnable> onStart = new ArrayList<>();
  private final List<Runnable> onCrash = new ArrayList<>();
  private int life;
  private long ahead;
  private boolean up = true;

  Process(World world, String name) {
    this.world = world;
    this.name = name;
    if (world.chance.fault(8)) {
      var when = world.chance.between(10_000, 900_000);
      world.agenda.at(when, () -> clockJumps(FAR));
      world.agenda.at(when + world.chance.between(5_000, 300_000), () -> clockJumps(0));
    }
  }

  boolean isUp() {
    return up;
  }

  void onStart(Runnable what) {
    onStart.add(what);
  }

  void onCrash(Runnable what) {
    onCrash.add(what);
  }

  /** Does it later, if this process still lives then. */
  void in(long millis, Runnable what) {
    var mine = life;
    world.agenda.in(
        millis,
        () -> {
          if (up && life == mine) {
            run(what);
          }
        });
  }

  /** Does it now; a crash on the way ends this process and nothing else. */
  void run(Runnable what) {
    var before = world.running;
    world.running = this;
    try {
      what.run();
    } catch (Crash e) {
      crash();
    } finally {
      world.running = before;
    }
  }

  /**
   * An answer that takes time, such as another machine's. One that comes after this life has ended
   * is heard by nobody.
   */
  <T> Uni<T> later(long millis, Supplier<T> answer) {
    return Uni.createFrom().emitter(emitter -> in(millis, () -> emitter.complete(answer.get())));
  }

  /** What this life does at once; where it ends on the way, no answer ever comes. */
  <T> Uni<T> alive(Supplier<Uni<T>> work) {
    var mine = life;
    if (up) {
      try {
        var answer = work.get();
        if (up && life == mine) {
          return answer;
        }
      } catch (Crash e) {
        crash();
      }
    }
    return Uni.createFrom().nothing();
  }

  /** How far its machine's clock is ahead of the database's, in milliseconds. */
  long ahead() {
    return ahead;
  }

  private void clockJumps(long to) {
    world.trace(-1, () -> "the clock of " + name + "'s machine is " + to + " ms ahead");
    ahead = to;
  }

  /** One of the windows in which a process may die. */
  void mayCrash(double percent) {
    if (world.chance.fault(percent)) {
      throw Crash.ONE;
    }
  }

  void crash() {
    if (!up) {
      return;
    }
    world.trace(-1, () -> name + " crashes");
    up = false;
    life++;
    onCrash.forEach(Runnable::run);
    world.agenda.in(world.chance.between(500, 20_000), this::start);
  }

  private void start() {
    world.trace(-1, () -> name + " starts");
    up = true;
    onStart.forEach(Runnable::run);
  }
}
