package io.agentopia.toolbox.simulator.boot;

import java.time.Duration;
import java.util.function.Consumer;

/** The agent of a machine while it runs: a process, or one played inside the simulator. */
public interface RunningAgent {
  /** Of its process; a number below zero, its own, for one that has none. */
  long pid();

  /** Milliseconds since the epoch. */
  long startedAt();

  boolean isAlive();

  /** {@code then} is told the exit code; null of one taken over, whose end nobody can ask for. */
  void onExit(Consumer<Integer> then);

  /**
   * As SIGKILL would.
   *
   * @return whether there was anything to kill
   */
  boolean kill();

  /** Asks, waits, and then does not ask any more. Returns when it is gone. */
  void end(Duration grace);
}
