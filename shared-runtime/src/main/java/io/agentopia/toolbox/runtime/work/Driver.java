package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does what is due in the database, level-triggered: a wake-up carries no input, it only says that
 * it is worth looking. Each item holds a permit while it is worked on, and the next one is claimed
 * as soon as one comes free, so a slow item holds up no other. Between wake-ups the driver sleeps
 * until what is known to be due next, or for its period: the safety net for what nobody announced.
 *
 * <p>The source claims with {@code SKIP LOCKED} and a lease in the row, so instances share the work
 * and a crashed one's is found again. An item that fails is not repeated here: its lease runs out.
 */
public final class Driver<T> {
  private static final Logger LOG = Logger.getLogger(Driver.class);

  /** A failing database or item is not asked again at once. */
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

  /**
   * From one claim to the next at least so long: what is announced meanwhile is claimed at once.
   */
  private static final long REST_MILLIS = 20;

  /**
   * @param name in logs, and what announcements call it
   * @param period of looking when nothing wakes it
   * @param permits items worked on at the same time
   */
  public record Settings(String name, Duration period, int permits) {}

  /** Claims up to so many due items; an empty answer should cost one cheap statement. */
  public interface Source<T> {
    Uni<Claimed<T>> claim(int most);
  }

  private final Settings settings;
  private final Source<T> source;
  private final Function<T, Uni<Void>> work;
  private final VertxContexts contexts;
  private final Vertx vertx;
  private final Clock clock;
  private final Progress progress;
  private boolean running = true;
  private boolean claiming; // or resting after it
  private boolean wokenMeanwhile;
  private int free;
  private long timer = -1;

  Driver(
      Settings settings,
      Source<T> source,
      Function<T, Uni<Void>> work,
      VertxContexts contexts,
      Vertx vertx,
      Clock clock) {
    this.settings = settings;
    this.source = source;
    this.work = work;
    this.contexts = contexts;
    this.vertx = vertx;
    this.clock = clock;
    this.free = settings.permits();
    this.progress = new Progress(settings.name(), settings.period());
  }

  Progress.Status status() {
    return progress.status();
  }

  public String name() {
    return settings.name();
  }

  /** Something may be due. Cheap, from any thread, and many at once are one. */
  public void wake() {
    int most;
    synchronized (this) {
      if (claiming) {
        wokenMeanwhile = true;
      }
      if (claiming || !running || free == 0) {
        return; // whoever gives back a permit looks anyway
      }
      claiming = true;
      most = free;
    }
    claim(most);
  }

  /** Claims no more; what is under way ends by itself, or by its lease. */
  synchronized void stop() {
    running = false;
    vertx.cancelTimer(timer);
  }

  private void claim(int most) {
    contexts
        .run(() -> source.claim(most))
        .whenComplete(
            (claimed, failure) -> {
              if (failure == null) {
                taken(claimed, most);
              } else {
                notTaken(failure);
              }
            });
  }

  private void taken(Claimed<T> claimed, int most) {
    synchronized (this) {
      free -= claimed.items().size();
      wokenMeanwhile |= claimed.items().size() == most;
      sleepFor(untilNext(claimed.nextAt()));
      vertx.setTimer(REST_MILLIS, ignored -> rested());
    }
    claimed.items().forEach(this::runApart);
  }

  private void rested() {
    boolean again;
    synchronized (this) {
      claiming = false;
      again = wokenMeanwhile;
      wokenMeanwhile = false;
    }
    if (again) {
      wake();
    }
  }

  private void notTaken(Throwable failure) {
    LOG.warnf(
        "due work not claimed, tried again in %d s: work=%s cause=%s",
        AFTER_A_FAILURE.toSeconds(), name(), failure);
    progress.failed(clock.instant(), failure);
    synchronized (this) {
      claiming = false;
      wokenMeanwhile = false;
      sleepFor(AFTER_A_FAILURE);
    }
  }

  /** Each on a context of its own: a session must not be shared by items worked on side by side. */
  private void runApart(T item) {
    progress.began(clock.instant());
    contexts
        .run(() -> work.apply(item))
        .whenComplete(
            (ignored, failure) -> {
              progress.ended(clock.instant(), failure);
              if (failure != null) {
                LOG.warnf(
                    "due work not finished, taken up again when its lease ends: work=%s item=%s cause=%s",
                    name(), item, failure);
              }
              finished(failure != null);
            });
  }

  private void finished(boolean failed) {
    synchronized (this) {
      free++;
      if (failed && free == settings.permits()) {
        sleepFor(AFTER_A_FAILURE); // nothing else is under way that would look again
        return;
      }
    }
    wake();
  }

  private Duration untilNext(@Nullable Instant nextAt) {
    if (nextAt == null) {
      return settings.period();
    }
    var left = Duration.between(clock.instant(), nextAt);
    return left.compareTo(settings.period()) < 0 ? left : settings.period();
  }

  private synchronized void sleepFor(Duration duration) {
    vertx.cancelTimer(timer);
    if (running) {
      // One more than is left, or a fraction of a millisecond would be looked for in vain.
      timer = vertx.setTimer(Math.max(1, duration.toMillis() + 1), ignored -> wake());
    }
  }
}
