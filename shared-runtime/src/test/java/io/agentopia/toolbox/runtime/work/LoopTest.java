package io.agentopia.toolbox.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger times = new AtomicInteger();
  private final ConcurrentLinkedQueue<UniEmitter<? super Void>> underWay =
      new ConcurrentLinkedQueue<>();
  private volatile Instant shown = Instant.parse("2026-11-28T10:00:00Z");
  private Loop loop;

  /** One that anybody sets. */
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return shown;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  @AfterEach
  void close() {
    loop.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void every(Duration period, Supplier<Uni<Void>> work) {
    loop = new Loop("test", period, work, new VertxContexts(vertx), vertx, clock);
    loop.runIn(Duration.ZERO);
  }

  private Uni<Void> count() {
    times.incrementAndGet();
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> hang() {
    times.incrementAndGet();
    return Uni.createFrom().emitter(emitter -> underWay.add(emitter));
  }

  @Test
  void itIsDoneAtOnceAndThenWhenItsPeriodIsOver() {
    every(LONG, this::count);
    await().until(() -> loop.status().lastEnded() != null);
    assertThat(loop.status().times()).isEqualTo(1);
  }

  @Test
  void aClockThatIsSetBackOrAheadStopsAndHastensNothing() {
    every(SHORT, this::count);
    await().until(() -> times.get() > 2);
    shown = shown.minus(LONG);
    var before = times.get();
    await().until(() -> times.get() > before + 2);
    shown = shown.plus(LONG.multipliedBy(5));
    var later = times.get();
    await().until(() -> times.get() > later + 2);
  }

  @Test
  void itIsNeverDoneTwiceAtTheSameTime() {
    every(SHORT, this::hang);
    await().until(() -> underWay.size() == 1);
    for (var i = 2; i < 20; i++) {
      var next = i;
      assertThat(loop.status().underWay()).isEqualTo(1);
      underWay.remove().complete(null);
      await().until(() -> times.get() == next && underWay.size() == 1);
    }
  }

  @Test
  void whatFailsIsDoneAgainAndShown() {
    every(
        SHORT,
        () -> {
          if (times.incrementAndGet() % 2 == 1) {
            throw new IllegalStateException("no database");
          }
          return Uni.createFrom().failure(new IllegalStateException("no broker"));
        });
    await().until(() -> times.get() > 3);
    assertThat(loop.status().lastFailure()).containsAnyOf("no database", "no broker");
    assertThat(loop.status().lastFailed()).isEqualTo(shown);
  }

  @Test
  void onceStoppedItIsNotDoneAgain() {
    every(SHORT, this::hang);
    await().until(() -> underWay.size() == 1);
    loop.stop();
    underWay.remove().complete(null);
    await().until(() -> loop.status().underWay() == 0);
    assertThat(times).hasValue(1);
  }
}
