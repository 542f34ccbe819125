package io.agentopia.toolbox.provisioner.cloud.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision.Granted;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateBudgetTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Limits DIGITALOCEAN = new Limits(5000, 250);

  /** Whoever calls as fast as the budget lets them stays within both limits at every moment. */
  @ParameterizedTest
  @CsvSource({"5000, 250", "300, 250", "100000, 250", "60, 1", "1000, 10"})
  void neitherLimitIsEverOverstepped(int perHour, int perMinute) {
    var budget = RateBudget.full(new Limits(perHour, perMinute), NOW);
    var hour = new ArrayDeque<Instant>();
    var minute = new ArrayDeque<Instant>();
    for (var now = NOW; now.isBefore(NOW.plus(Duration.ofHours(3))); ) {
      switch (budget.take(now, Priority.CHANGE)) {
        case Granted g -> {
          budget = g.left();
          hour.add(now);
          minute.add(now);
        }
        case Wait w -> now = now.plus(w.retryAfter());
      }
      forget(hour, now.minus(Duration.ofHours(1)));
      forget(minute, now.minus(Duration.ofMinutes(1)));
      assertThat(hour).hasSizeLessThanOrEqualTo(perHour);
      assertThat(minute).hasSizeLessThanOrEqualTo(perMinute);
    }
  }

  @Test
  void watchingStopsAtTheReserveAndChangingGoesOn() {
    var budget = with(34);
    assertThat(budget.take(NOW, Priority.WATCH)).isInstanceOf(Granted.class);
    assertThat(with(33.9).take(NOW, Priority.WATCH)).isInstanceOf(Wait.class);
    assertThat(with(33.9).take(NOW, Priority.CHANGE)).isInstanceOf(Granted.class);
    assertThat(with(1).take(NOW, Priority.CHANGE)).isInstanceOf(Granted.class);
    assertThat(with(0.9).take(NOW, Priority.CHANGE)).isInstanceOf(Wait.class);
  }

  @Test
  void whatIsDrawnForManyIsWhatTheyWouldHaveTakenOneByOne() {
    for (var available : new double[] {0, 0.5, 1, 20, 33, 40, 169}) {
      var waiting = new ArrayList<Priority>(Collections.nCopies(30, Priority.CHANGE));
      waiting.addAll(Collections.nCopies(30, Priority.WATCH));
      var left = with(available);
      var granted = 0;
      for (var priority : waiting) {
        if (left.take(NOW, priority) instanceof Granted g) {
          left = g.left();
          granted++;
        }
      }
      var drawn = with(available).draw(NOW, waiting);
      assertThat(drawn.left()).isEqualTo(left);
      assertThat(drawn.decisions())
          .hasSize(60)
          .filteredOn(Granted.class::isInstance)
          .hasSize(granted);
    }
  }

  @Test
  void changingIsServedBeforeWatchingHoweverLateItCame() {
    var waiting = List.of(Priority.WATCH, Priority.WATCH, Priority.CHANGE, Priority.CHANGE);
    var decisions = with(35).draw(NOW, waiting).decisions(); // 33 of them are not for watching
    assertThat(decisions.subList(2, 4)).allMatch(Granted.class::isInstance);
    assertThat(decisions.subList(0, 2)).allMatch(Wait.class::isInstance);
  }

  @Test
  void everyGrantedCallKnowsWhatIsLeftAfterAll() {
    var drawn = with(10).draw(NOW, Collections.nCopies(3, Priority.CHANGE));
    assertThat(drawn.decisions()).containsOnly(new Granted(drawn.left()));
    assertThat(drawn.left().available()).isEqualTo(7);
  }

  @Test
  void whereNothingIsGrantedNothingChanges() {
    var budget = with(0.5);
    assertThat(budget.draw(NOW.plusMillis(1), List.of(Priority.CHANGE)).left()).isEqualTo(budget);
  }

  @Test
  void aWaitIsAsLongAsTheNextCallNeedsToFillUp() {
    var wait = (Wait) with(0).take(NOW, Priority.CHANGE);
    assertThat(wait.retryAfter()).isBetween(Duration.ofMillis(740), Duration.ofMillis(750));
    assertThat(with(0).take(NOW.plus(wait.retryAfter()).minusMillis(2), Priority.CHANGE))
        .isInstanceOf(Wait.class);
    assertThat(with(0).take(NOW.plus(wait.retryAfter()), Priority.CHANGE))
        .isInstanceOf(Granted.class);
  }

  @Test
  void whatTheCloudSaysIsLeftWinsWhenItIsLower() {
    var budget = with(100);
    assertThat(budget.isChangedBy(answer(4000, NOW.plusSeconds(9)))).isFalse();
    assertThat(budget.isChangedBy(answer(100, NOW))).isFalse();
    assertThat(budget.isChangedBy(answer(99, NOW))).isTrue();
    assertThat(budget.after(answer(4000, NOW), NOW).available()).isEqualTo(100);
    assertThat(budget.after(answer(7, NOW.plusSeconds(9)), NOW).available()).isEqualTo(7);
  }

  @Test
  void whenTheCloudSaysNothingIsLeftNothingGoesOutBeforeTheReset() {
    var reset = NOW.plusSeconds(90);
    var budget = with(100).after(answer(0, reset), NOW);
    assertThat(budget.take(reset.minusMillis(1), Priority.CHANGE))
        .isEqualTo(
            new Wait(
                Duration.ofMillis(1),
                "the cloud's rate limit is used up: it takes no calls before " + reset));
    assertThat(budget.take(reset, Priority.CHANGE)).isInstanceOf(Granted.class);
  }

  @Test
  void aRefusalClosesTheGateForAsLongAsTheCloudSays() {
    var budget = with(100).after(refusal(null, null, Duration.ofSeconds(30)), NOW);
    assertThat(budget.take(NOW.plusMillis(29_999), Priority.CHANGE)).isInstanceOf(Wait.class);
    assertThat(budget.take(NOW.plusSeconds(30), Priority.CHANGE)).isInstanceOf(Granted.class);
  }

  @Test
  void theGateOpensForOneProbeFirst() {
    var open = NOW.plusSeconds(30);
    var budget = with(100).after(refusal(null, null, Duration.ofSeconds(30)), NOW);
    var probed = ((Granted) budget.take(open, Priority.CHANGE)).left();
    assertThat(probed.take(open, Priority.CHANGE)).isInstanceOf(Wait.class);
    assertThat(budget.take(open, Priority.WATCH)).isInstanceOf(Wait.class);
  }

  @Test
  void aRefusalThatSaysNothingBacksOffEverLongerUntilAnAnswerComes() {
    var silent = refusal(null, null, null);
    var budget = with(100);
    for (var seconds : new int[] {10, 20, 40, 80, 160, 320, 320}) {
      var at = budget.closedUntil().isAfter(NOW) ? budget.closedUntil() : NOW;
      budget = budget.after(silent, at);
      assertThat(budget.closedUntil()).isEqualTo(at.plusSeconds(seconds));
    }
    var later = budget.closedUntil();
    var recovered = budget.after(answer(4000, later), later);
    assertThat(recovered.refusals()).isZero();
    assertThat(recovered.after(silent, later).closedUntil()).isEqualTo(later.plusSeconds(10));
  }

  @Test
  void aRefusalOfTheHourLastsUntilItsResetButAnHourAtMost() {
    assertThat(with(9).after(refusal(0, NOW.plusSeconds(77), null), NOW).closedUntil())
        .isEqualTo(NOW.plusSeconds(77));
    assertThat(with(9).after(refusal(0, NOW.plusSeconds(7777), null), NOW).closedUntil())
        .isEqualTo(NOW.plusSeconds(3600));
    assertThat(with(9).after(refusal(null, null, Duration.ofDays(3)), NOW).closedUntil())
        .isEqualTo(NOW.plusSeconds(3600));
    assertThat(with(9).after(refusal(0, NOW.minusSeconds(1), null), NOW).closedUntil())
        .isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void aLateAnswerOpensNoGate() {
    var closed = with(100).after(refusal(null, null, Duration.ofSeconds(30)), NOW);
    var after = closed.after(answer(4999, NOW), NOW.plusSeconds(1));
    assertThat(after.closedUntil()).isEqualTo(NOW.plusSeconds(30));
    assertThat(after.take(NOW.plusSeconds(2), Priority.CHANGE)).isInstanceOf(Wait.class);
    var shorter =
        closed.after(refusal(null, null, Duration.ofSeconds(1)), NOW.plusSeconds(1)).closedUntil();
    assertThat(shorter).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void aClockThatIsBehindFillsNothing() {
    var budget = ((Granted) with(1).take(NOW, Priority.CHANGE)).left();
    assertThat(budget.take(NOW.minusSeconds(60), Priority.CHANGE)).isInstanceOf(Wait.class);
    assertThat(budget.take(NOW.plusMillis(100), Priority.CHANGE)).isInstanceOf(Wait.class);
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Limits(250, 250)).hasMessageContaining("250 an hour");
    assertThatThrownBy(() -> new Limits(5000, 0)).hasMessageContaining("0 a minute");
  }

  private static RateBudget with(double available) {
    return new RateBudget(DIGITALOCEAN, available, NOW, Instant.EPOCH, 0);
  }

  private static Answer answer(int remaining, Instant reset) {
    return new Answer(false, remaining, reset, null);
  }

  private static Answer refusal(Integer remaining, Instant reset, Duration retryAfter) {
    return new Answer(true, remaining, reset, retryAfter);
  }

  private static void forget(ArrayDeque<Instant> times, Instant before) {
    while (!times.isEmpty() && !times.getFirst().isAfter(before)) {
      times.removeFirst();
    }
  }
}
