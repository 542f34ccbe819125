package io.agentopia.toolbox.agent.loop;

import java.time.Duration;

/**
 * Pauses between attempts: doubling from {@code first} to {@code cap}, then spread over the upper
 * half, so that agents which failed together do not come back together.
 */
public record Backoff(Duration first, Duration cap) {
  private static final int MAX_DOUBLINGS = 30;

  /**
   * @param failures how many attempts failed in a row, from 1
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Duration after(int failures, double random) {
    var doublings = Math.clamp(failures - 1L, 0, MAX_DOUBLINGS);
    var full = Math.min(first.toMillis() << doublings, cap.toMillis());
    return Duration.ofMillis((long) (full * (0.5 + 0.5 * random)));
  }

  /** As {@link #after}, but never sooner than the server asked for, within the cap's reach. */
  public Duration after(int failures, double random, Duration retryAfter) {
    var own = after(failures, random);
    if (retryAfter == null || retryAfter.compareTo(own) <= 0) {
      return own;
    }
    var limit = cap.multipliedBy(5);
    return retryAfter.compareTo(limit) > 0 ? limit : retryAfter;
  }

  /** {@code interval} moved by at most ten per cent either way. */
  public static Duration jittered(Duration interval, double random) {
    return Duration.ofMillis((long) (interval.toMillis() * (0.9 + 0.2 * random)));
  }
}
