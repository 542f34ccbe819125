package io.agentopia.toolbox.gateway.account;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A {@link Bucket} for each that asks, from its first question on. */
final class Buckets<K> {
  /** How often those that are full are forgotten: looking for them costs as much as there are. */
  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

  private final Map<K, Bucket> all = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> forgotten = new AtomicReference<>(Instant.EPOCH);

  /**
   * Takes one.
   *
   * @return zero, or how long it takes until there is one again; then none was taken
   */
  Duration take(K who, int perMinute, Instant now) {
    forgetFull(now);
    var wait = new Duration[] {Duration.ZERO};
    all.compute(
        who,
        (key, before) -> {
          var bucket = (before == null ? Bucket.full(perMinute, now) : before).at(now, perMinute);
          wait[0] = bucket.wait(perMinute);
          return bucket.isEmpty() ? bucket : bucket.less();
        });
    return wait[0];
  }

  /** Of those that ask at one moment one does it. */
  private void forgetFull(Instant now) {
    var last = forgotten.get();
    if (!now.isBefore(last.plus(FORGET_EVERY)) && forgotten.compareAndSet(last, now)) {
      all.values().removeIf(bucket -> bucket.isFull(now));
    }
  }

  int size() {
    return all.size();
  }
}
