package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Does something every so often, one time after the other; what fails is done again when its time
 * comes. Its timer goes by the JVM's counter: a clock that somebody sets, ahead or back, changes
 * nothing.
 */
final class Loop {
  private static final Logger LOG = Logger.getLogger(Loop.class);

  private final Progress progress;
  private final Duration period;
  private final Supplier<Uni<Void>> work;
  private final VertxContexts contexts;
  private final Vertx vertx;
  private final Clock clock;
  private boolean running = true;
  private long timer;

  Loop(
      String name,
      Duration period,
      Supplier<Uni<Void>> work,
      VertxContexts contexts,
      Vertx vertx,
      Clock clock) {
    this.progress = new Progress(name, period);
    this.period = period;
    this.work = work;
    this.contexts = contexts;
    this.vertx = vertx;
    this.clock = clock;
  }

  synchronized void runIn(Duration delay) {
    if (running) {
      timer = vertx.setTimer(Math.max(1, delay.toMillis()), ignored -> run());
    }
  }

  /** What is under way ends by itself. */
  synchronized void stop() {
    running = false;
    vertx.cancelTimer(timer);
  }

  Progress.Status status() {
    return progress.status();
  }

  private void run() {
    var begun = System.nanoTime();
    progress.began(clock.instant());
    contexts
        .apart(work)
        .subscribe()
        .with(done -> ended(begun, null), failure -> ended(begun, failure));
  }

  private void ended(long begun, Throwable failure) {
    progress.ended(clock.instant(), failure);
    if (failure != null) {
      LOG.warnf(
          "not done, tried again in %d s: work=%s cause=%s",
          period.toSeconds(), progress.status().name(), failure);
    }
    runIn(period.minusNanos(System.nanoTime() - begun));
  }
}
