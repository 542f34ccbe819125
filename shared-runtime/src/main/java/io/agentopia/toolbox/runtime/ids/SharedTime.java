package io.agentopia.toolbox.runtime.ids;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What time it is in the database, told from a reading of its clock and from how long ago that was
 * by a counter that nobody sets. Pure.
 *
 * @param at what the database's clock showed in the middle of the reading
 * @param nanos the counter then
 * @param error the reading took twice as long: the clock may have shown it so much earlier or later
 */
record SharedTime(Instant at, long nanos, Duration error) {

  /**
   * Counters of two machines part by some tens of millionths: a reading gets that much worse with
   * its age.
   */
  private static final int PARTS_OF_DRIFT = 10_000;

  /** A reading that took longer says too little. */
  private static final Duration WORST = Duration.ofSeconds(1);

  /** A reading of the database's clock between two looks at the counter; null if it took long. */
  static @Nullable SharedTime read(Instant shown, long before, long after) {
    var error = Duration.ofNanos((after - before) / 2);
    return error.compareTo(WORST) > 0
        ? null
        : new SharedTime(shown, before + (after - before) / 2, error);
  }

  Instant now(long nanos) {
    return at.plusNanos(nanos - this.nanos);
  }

  /**
   * Of an older and a newer reading: the newer one, unless both agree within their errors and the
   * older one is still the better. So time goes back only where the database's did.
   */
  SharedTime or(@Nullable SharedTime newer) {
    if (newer == null) {
      return this;
    }
    var age = Duration.ofNanos(Math.max(0, newer.nanos - nanos));
    var worst = error.plus(age.dividedBy(PARTS_OF_DRIFT));
    var apart = Duration.between(now(newer.nanos), newer.at).abs();
    var agree = apart.compareTo(worst.plus(newer.error)) <= 0;
    return agree && worst.compareTo(newer.error) <= 0 ? this : newer;
  }
}
