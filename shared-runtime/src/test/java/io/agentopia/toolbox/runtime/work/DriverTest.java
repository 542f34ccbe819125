package io.agentopia.toolbox.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver whose period never comes, on a queue in memory. */
class DriverTest {
  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<String> due = new ConcurrentLinkedQueue<>();
  private final Map<String, UniEmitter<? super Void>> underWay = new ConcurrentHashMap<>();
  private final AtomicInteger claims = new AtomicInteger();
  private volatile Instant nextAt;
  private volatile boolean databaseIsAway;

  private final Driver<String> driver =
      new Driver<>(
          new Driver.Settings("test", Duration.ofHours(1), 2),
          this::claim,
          this::work,
          new VertxContexts(vertx),
          vertx,
          Clock.systemUTC());

  @AfterEach
  void close() {
    driver.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void noMoreAreTakenThanThereArePermitsAndTheNextOneAsSoonAsOneComesFree() {
    due.addAll(List.of("a", "b", "c", "d"));
    driver.wake();
    awaitUnderWay("a", "b");
    assertThat(due).containsExactly("c", "d");
    finish("b"); // a hangs
    awaitUnderWay("a", "c");
    finish("c");
    awaitUnderWay("a", "d");
  }

  @Test
  void whatBecomesDueDuringAClaimIsNotOverlooked() {
    driver.wake();
    for (var i = 0; i < 200; i++) {
      var item = "i" + i;
      due.add(item);
      driver.wake();
      await().until(() -> underWay.containsKey(item));
      finish(item);
    }
  }

  @Test
  void itSleepsUntilWhatIsDueNextAndLooksNoOftener() {
    driver.wake();
    await().until(() -> claims.get() == 1);
    nextAt = Instant.now().plusMillis(300);
    driver.wake();
    await().until(() -> claims.get() == 2);
    due.add("later"); // nobody announces it
    nextAt = null;
    awaitUnderWay("later");
    assertThat(claims).hasValue(3);
  }

  @Test
  void anItemThatFailsGivesItsPermitBack() {
    due.addAll(List.of("a", "b", "c"));
    driver.wake();
    awaitUnderWay("a", "b");
    underWay.remove("a").fail(new IllegalStateException("no"));
    awaitUnderWay("b", "c");
  }

  @Test
  void whileTheDatabaseIsAwayItTriesAgainByItself() {
    databaseIsAway = true;
    due.add("a");
    driver.wake();
    await().until(() -> claims.get() >= 2);
    databaseIsAway = false;
    awaitUnderWay("a");
  }

  @Test
  void oneThatIsStoppedClaimsNothingMore() {
    due.addAll(List.of("a", "b", "c"));
    driver.wake();
    awaitUnderWay("a", "b");
    driver.stop();
    finish("a");
    driver.wake();
    assertThat(due).containsExactly("c");
    assertThat(claims).hasValue(1);
  }

  private Uni<Claimed<String>> claim(int most) {
    claims.incrementAndGet();
    if (databaseIsAway) {
      return Uni.createFrom().failure(new IllegalStateException("no connection"));
    }
    var taken = new ArrayList<String>();
    while (taken.size() < most && !due.isEmpty()) {
      taken.add(due.poll());
    }
    return Uni.createFrom().item(new Claimed<>(taken, nextAt));
  }

  private Uni<Void> work(String item) {
    return Uni.createFrom().emitter(e -> underWay.put(item, e));
  }

  private void finish(String item) {
    underWay.remove(item).complete(null);
  }

  private void awaitUnderWay(String... items) {
    await().untilAsserted(() -> assertThat(underWay.keySet()).containsExactlyInAnyOrder(items));
  }
}
