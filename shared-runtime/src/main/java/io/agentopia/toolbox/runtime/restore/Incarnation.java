package io.agentopia.toolbox.runtime.restore;

import java.time.Duration;
import java.time.Instant;

/**
 * One life of a service's database: from its making, or from a restore, until the next restore.
 * Numbers that a service counts up and others compare (sequences of events, generations of
 * manifests) stand above all of earlier lives, so no reader takes what is told after a restore for
 * something it has seen. It is not the generation of droplets.
 *
 * @param number rises with each life; 0: the first
 * @param since when this life began, UTC; null of the first
 */
public record Incarnation(long number, Instant since) {
  public static final Incarnation FIRST = new Incarnation(0, null);

  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  /** Numbers of a life; with 27 bits of lives (42 years) all stay exact in a JSON number. */
  private static final int BITS = 26;

  /** Two restores of one dump need different numbers, which the dump cannot know of. */
  private static final int UNIT_SECONDS = 10;

  Incarnation next(Instant now) {
    var units = Duration.between(EPOCH, now).toSeconds() / UNIT_SECONDS;
    return new Incarnation(Math.max(number + 1, units), now);
  }

  /** Every number of this life is at least this, and above every number of earlier lives. */
  public long floor() {
    return number << BITS;
  }

  public boolean isRestored() {
    return number > 0;
  }

  /** Whether it began less than so long ago. */
  public boolean isYounger(Duration age, Instant now) {
    return isRestored() && now.isBefore(since.plus(age));
  }
}
