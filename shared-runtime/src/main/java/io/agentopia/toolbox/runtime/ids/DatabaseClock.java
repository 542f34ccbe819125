package io.agentopia.toolbox.runtime.ids;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of the service's database, so that all its instances have one, whatever the clocks of
 * their machines show: deadlines, leases, budgets and silences that one of them writes mean the
 * same to the others. Between two readings it goes on by a counter that nobody sets. Before the
 * first reading it is the machine's own. Microseconds at the finest, as PostgreSQL keeps them: what
 * is read back equals what was written.
 */
final class DatabaseClock extends Clock {
  private final InstantSource own;
  private final LongSupplier nanos;
  private volatile @Nullable SharedTime shared;

  DatabaseClock(InstantSource own, LongSupplier nanos) {
    this.own = own;
    this.nanos = nanos;
  }

  /** For {@link #learn}: the counter before the database is asked. */
  long counter() {
    return nanos.getAsLong();
  }

  /**
   * @param shown what the database's clock showed
   * @param before the counter before it was asked
   * @return how far the machine's own clock is ahead of it; negative where it is behind
   */
  Duration learn(Instant shown, long before) {
    var read = SharedTime.read(shown, before, nanos.getAsLong());
    shared = shared == null ? read : shared.or(read);
    return Duration.between(instant(), own.instant());
  }

  @Override
  public Instant instant() {
    var time = shared;
    var now = time == null ? own.instant() : time.now(nanos.getAsLong());
    return now.truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("times are UTC");
  }
}
