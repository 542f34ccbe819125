package io.agentopia.toolbox.provisioner.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.cloud.CloudBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Limits;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision.Granted;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision.Wait;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two instances of the service, one token, one database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class CloudBudgetTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final String token = "test-" + UUID.randomUUID();

  @Inject Pool pool;

  @Test
  void twoInstancesShareOneBudget() {
    var instances = List.of(instance(NOW), instance(NOW));
    var calls =
        IntStream.range(0, 60).mapToObj(i -> instances.get(i % 2).take(Priority.CHANGE)).toList();
    var decisions =
        get(
            Uni.combine()
                .all()
                .unis(calls)
                .with(all -> all.stream().map(Decision.class::cast).toList()));
    // 40 an hour, 20 a minute: 19.66 calls at once, then one every three minutes.
    assertThat(decisions).filteredOn(Granted.class::isInstance).hasSize(19);

    assertThat(get(instance(NOW.plusSeconds(58)).take(Priority.CHANGE))).isInstanceOf(Wait.class);
    assertThat(get(instance(NOW.plusSeconds(62)).take(Priority.CHANGE)))
        .isInstanceOf(Granted.class);
  }

  @Test
  void aRefusalThatOneInstanceHearsClosesTheGateForTheOther() {
    var granted = (Granted) get(instance(NOW).take(Priority.CHANGE));
    get(instance(NOW).heard(granted.left(), new Answer(true, null, null, Duration.ofSeconds(30))));
    assertThat(get(instance(NOW.plusSeconds(29)).take(Priority.CHANGE)))
        .isInstanceOfSatisfying(
            Wait.class, w -> assertThat(w.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
    assertThat(get(instance(NOW.plusSeconds(30)).take(Priority.CHANGE)))
        .isInstanceOf(Granted.class);
  }

  @Test
  void watchingYieldsWhileChangingGoesOn() {
    var granted = (Granted) get(instance(NOW).take(Priority.WATCH));
    get(instance(NOW).heard(granted.left(), new Answer(false, 3, null, null)));
    assertThat(get(instance(NOW).take(Priority.WATCH))).isInstanceOf(Wait.class);
    assertThat(get(instance(NOW).take(Priority.CHANGE))).isInstanceOf(Granted.class);
  }

  @Test
  void tokensHaveBudgetsOfTheirOwn() {
    var granted = (Granted) get(instance(NOW).take(Priority.CHANGE));
    get(instance(NOW).heard(granted.left(), new Answer(true, null, null, null)));
    var other = instance(token + "-other", NOW);
    assertThat(get(other.take(Priority.CHANGE))).isInstanceOf(Granted.class);
  }

  /** Many instances at once: each is overtaken again and again, and none waits for another. */
  @Test
  void howeverManyDrawAtOnceNoCallIsGrantedTwice() {
    var calls =
        IntStream.range(0, 12)
            .mapToObj(i -> instance(NOW))
            .flatMap(i -> Stream.generate(() -> i.take(Priority.CHANGE)).limit(5))
            .toList();
    var decisions = get(Uni.join().all(calls).andCollectFailures());
    assertThat(decisions).hasSize(60).filteredOn(Granted.class::isInstance).hasSize(19);
    assertThat(available()).isLessThan(1);
  }

  /** What an instance has drawn and not sent is used up: the row says so before any call. */
  @Test
  void anInstanceThatDiesWithCallsInHandHasUsedThemUp() {
    var dying = instance(NOW);
    for (var i = 0; i < 15; i++) {
      assertThat(get(dying.take(Priority.CHANGE))).isInstanceOf(Granted.class);
    }
    var survivor = instance(NOW);
    var left =
        IntStream.range(0, 10)
            .mapToObj(i -> get(survivor.take(Priority.CHANGE)))
            .filter(Granted.class::isInstance);
    assertThat(left).hasSize(4);
  }

  /** The remembered row is only a guess: another instance's news counts at the next call. */
  @Test
  void whatAnotherInstanceHearsCountsForTheNextCallOfOneThatHasBeenCallingAllAlong() {
    var busy = instance(NOW);
    var granted = (Granted) get(busy.take(Priority.CHANGE));
    get(instance(NOW).heard(granted.left(), new Answer(true, null, null, Duration.ofSeconds(30))));
    assertThat(get(busy.take(Priority.CHANGE))).isInstanceOf(Wait.class);
  }

  private double available() {
    return pool.preparedQuery("select available from cloud_budget where token = $1")
        .execute(Tuple.of(token))
        .map(rows -> rows.iterator().next().getDouble("available"))
        .await()
        .atMost(PATIENCE);
  }

  private CloudBudget instance(Instant now) {
    return instance(token, now);
  }

  private CloudBudget instance(String of, Instant now) {
    var clock = Clock.fixed(now, ZoneOffset.UTC);
    return new CloudBudget(new CloudBudgetTable(pool, of, new Limits(40, 20), clock), clock);
  }

  private static <T> T get(Uni<T> answer) {
    return answer.await().atMost(PATIENCE);
  }
}
