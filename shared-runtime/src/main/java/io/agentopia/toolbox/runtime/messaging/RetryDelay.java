package io.agentopia.toolbox.runtime.messaging;

import java.time.Duration;
import java.util.List;

/** Which wait comes before the next attempt. Pure. */
final class RetryDelay {
  private RetryDelay() {}

  /**
   * The delay of the attempt, or a longer one where whoever refused asked for it; the longest there
   * is where none is long enough.
   *
   * @param delays before the second, third … attempt, rising
   * @param attempt that failed, from 1; at most the number of delays
   */
  static Duration choose(List<Duration> delays, int attempt, Failure failure) {
    var asked =
        failure instanceof Failure.Transient t && t.retryAfter() != null
            ? t.retryAfter()
            : Duration.ZERO;
    return delays.stream()
        .skip(attempt - 1L)
        .filter(delay -> delay.compareTo(asked) >= 0)
        .findFirst()
        .orElse(delays.getLast());
  }
}
