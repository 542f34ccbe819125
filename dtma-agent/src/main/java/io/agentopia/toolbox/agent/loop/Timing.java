package io.agentopia.toolbox.agent.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * The time, and the chance that keeps agents apart.
 *
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
public record Timing(Clock clock, DoubleSupplier random) {
  public Instant now() {
    return clock.instant();
  }

  /** {@code interval} moved by at most ten per cent either way. */
  public Duration jittered(Duration interval) {
    return Backoff.jittered(interval, random.getAsDouble());
  }
}
