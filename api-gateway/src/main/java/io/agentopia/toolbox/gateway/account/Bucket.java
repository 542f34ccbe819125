package io.agentopia.toolbox.gateway.account;

import java.time.Duration;
import java.time.Instant;

/**
 * The requests a key has left: as many at once as may come in a minute, given back evenly. Pure.
 *
 * @param left requests, and the part of one that has come back
 * @param at when that was so
 */
record Bucket(double left, Instant at) {
  private static final double MILLIS = Duration.ofMinutes(1).toMillis();

  static Bucket full(int perMinute, Instant now) {
    return new Bucket(perMinute, now);
  }

  /** As it is now, with what has come back; a clock that was set back gives nothing. */
  Bucket at(Instant now, int perMinute) {
    var passed = Math.max(0, Duration.between(at, now).toMillis());
    return new Bucket(Math.min(perMinute, left + passed * perMinute / MILLIS), now);
  }

  boolean isEmpty() {
    return left < 1;
  }

  Bucket less() {
    return new Bucket(left - 1, at);
  }

  /** Whatever its quota: within a minute all has come back. */
  boolean isFull(Instant now) {
    return !now.isBefore(at.plus(Duration.ofMinutes(1)));
  }

  /** Until there is one again. */
  Duration wait(int perMinute) {
    return isEmpty()
        ? Duration.ofMillis((long) Math.ceil((1 - left) * MILLIS / perMinute))
        : Duration.ZERO;
  }
}
