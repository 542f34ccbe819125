package io.agentopia.toolbox.agent.loop;

import java.time.Duration;

/**
 * A step that is run again and again: a wake-up carries no data, so the step looks at stored state.
 *
 * @param name under which it is woken and ended
 */
public record Loop(String name, Kind kind, Step step) {
  /** The pause that never ends by itself. */
  public static final Duration UNTIL_WOKEN = Duration.ofDays(365);

  /** What a step waits for. */
  public enum Kind {
    /** The control plane: waiting for it costs no thread. */
    CALLS_OUT,
    /** Docker, whose socket may hold the carrier of a virtual thread. */
    CALLS_DOCKER
  }

  /** Returns when to run again, or {@code null} for never. */
  @FunctionalInterface
  public interface Step {
    Duration run() throws InterruptedException;
  }

  public static Loop callingOut(String name, Step step) {
    return new Loop(name, Kind.CALLS_OUT, step);
  }

  public static Loop callingDocker(String name, Step step) {
    return new Loop(name, Kind.CALLS_DOCKER, step);
  }

  public static Loop callingDocker(String name, Duration period, Runnable look) {
    return callingDocker(
        name,
        () -> {
          look.run();
          return period;
        });
  }
}
