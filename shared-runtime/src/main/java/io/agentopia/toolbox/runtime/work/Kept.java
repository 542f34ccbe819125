package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What another one tells, asked for again when it is old, and kept while he does not answer: then
 * he is asked each time. A cache that forgets what is old would have nothing to give.
 */
public final class Kept<T> {
  private static final Logger LOG = Logger.getLogger(Kept.class);

  private record Read<T>(T value, Instant until) {}

  private final String name;
  private final Duration fresh;
  private final Supplier<Uni<T>> source;
  private final Clock clock;
  private volatile @Nullable Read<T> last;

  /**
   * @param name in logs
   * @param fresh for so long it is not asked for again
   */
  public Kept(String name, Duration fresh, Supplier<Uni<T>> source, Clock clock) {
    this.name = name;
    this.fresh = fresh;
    this.source = source;
    this.clock = clock;
  }

  /**
   * @return the youngest there is; it fails as the source does where there has never been any
   */
  public Uni<T> current() {
    var read = last;
    return read != null && clock.instant().isBefore(read.until())
        ? Uni.createFrom().item(read.value())
        : source
            .get()
            .invoke(value -> last = new Read<>(value, clock.instant().plus(fresh)))
            .onFailure()
            .recoverWithUni(this::whatThereIs);
  }

  private Uni<T> whatThereIs(Throwable failure) {
    LOG.warnf("%s not read again: cause=%s", name, failure);
    var read = last;
    return read == null ? Uni.createFrom().failure(failure) : Uni.createFrom().item(read.value());
  }
}
