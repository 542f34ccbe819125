package io.agentopia.toolbox.simulator.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** DigitalOcean's limits for one token: a sliding hour and a sliding minute. */
public final class RateLimiter {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final int perHour;
  private final int perMinute;
  private final Deque<Instant> requests = new ArrayDeque<>();
  private final Deque<Instant> ofMinute = new ArrayDeque<>();

  public RateLimiter(int perHour, int perMinute) {
    this.perHour = perHour;
    this.perMinute = perMinute;
  }

  /**
   * @param allowed whether the request may pass
   * @param remaining of the hour
   * @param reset when the oldest request leaves the hour
   * @param retryAfter null but for burst limits
   */
  public record Verdict(
      boolean allowed, int limit, int remaining, Instant reset, Duration retryAfter) {}

  /** A refused request counts for nothing. */
  public synchronized Verdict ask(Instant now) {
    forget(requests, now.minus(HOUR));
    forget(ofMinute, now.minus(MINUTE));
    if (requests.size() >= perHour) {
      return verdict(false, now, null);
    }
    if (ofMinute.size() >= perMinute) {
      return verdict(false, now, until(ofMinute.getFirst(), now));
    }
    requests.addLast(now);
    ofMinute.addLast(now);
    return verdict(true, now, null);
  }

  private static void forget(Deque<Instant> times, Instant before) {
    while (!times.isEmpty() && !times.getFirst().isAfter(before)) {
      times.removeFirst();
    }
  }

  private static Duration until(Instant oldest, Instant now) {
    return Duration.ofSeconds(
        Math.max(1, Duration.between(now, oldest.plus(MINUTE)).plusMillis(999).toSeconds()));
  }

  private Verdict verdict(boolean allowed, Instant now, Duration retryAfter) {
    var oldest = requests.isEmpty() ? now : requests.getFirst();
    return new Verdict(
        allowed, perHour, Math.max(0, perHour - requests.size()), oldest.plus(HOUR), retryAfter);
  }
}
