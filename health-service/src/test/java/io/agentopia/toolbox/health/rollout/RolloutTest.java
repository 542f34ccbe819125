package io.agentopia.toolbox.health.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.health.rollout.Change.Becomes;
import io.agentopia.toolbox.health.rollout.Change.Refused;
import io.agentopia.toolbox.health.rollout.Fact.Counted;
import io.agentopia.toolbox.health.rollout.Fact.HaltAsked;
import io.agentopia.toolbox.health.rollout.Fact.ResumeAsked;
import io.agentopia.toolbox.health.rollout.Fact.RollbackAsked;
import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.agentopia.toolbox.health.rollout.Rollout.Complete;
import io.agentopia.toolbox.health.rollout.Rollout.Halted;
import io.agentopia.toolbox.health.rollout.Rollout.RolledBack;
import io.agentopia.toolbox.health.rollout.Rollout.Rolling;
import io.agentopia.toolbox.health.rollout.Rollout.RollingBack;
import io.agentopia.toolbox.health.rollout.Tally.Count;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every kind of fact, and thresholds in pairs. */
class RolloutTest {
  private static final Settings SETTINGS =
      new Settings(2, Duration.ofSeconds(600), Duration.ofSeconds(900), 10, 3);

  private static final List<Rollout> STATES =
      List.of(
          new Canary(),
          new Rolling(),
          new Halted(new Canary()),
          new Halted(new Rolling()),
          new Complete(),
          new RollingBack(),
          new RolledBack());

  private static final Map<String, Fact> FACTS = new LinkedHashMap<>();

  static {
    FACTS.put("canaries under way", counted(new Count(1, 1, 0, 0, 0), Count.NONE, true));
    FACTS.put("a canary failed", counted(new Count(0, 0, 1, 1, 0), Count.NONE, true));
    FACTS.put(
        "a canary failed, nobody else is there",
        counted(new Count(0, 0, 1, 1, 0), Count.NONE, false));
    FACTS.put("two canaries failed", counted(new Count(1, 0, 0, 2, 0), Count.NONE, true));
    FACTS.put(
        "a canary failed, two others proved it",
        counted(new Count(0, 0, 2, 1, 0), Count.NONE, true));
    FACTS.put("canaries proved, others wait", counted(new Count(0, 0, 2, 0, 0), Count.NONE, true));
    FACTS.put(
        "others under way", counted(new Count(0, 0, 2, 0, 0), new Count(5, 5, 9, 3, 0), true));
    FACTS.put("too many failed", counted(new Count(0, 0, 2, 0, 0), new Count(5, 5, 9, 4, 0), true));
    FACTS.put(
        "everybody proved", counted(new Count(0, 0, 2, 0, 0), new Count(0, 0, 9, 3, 0), false));
    FACTS.put("some return", counted(new Count(0, 0, 0, 0, 1), new Count(0, 0, 0, 0, 2), true));
    FACTS.put("nobody is left to return", counted(Count.NONE, Count.NONE, true));
    FACTS.put("halt", new HaltAsked("x"));
    FACTS.put("resume", new ResumeAsked("x"));
    FACTS.put("roll back", new RollbackAsked("x", true));
    FACTS.put("roll back what is no target", new RollbackAsked("x", false));
  }

  /**
   * A column for each of STATES: "-" stays, "no" is refused, anything else is the name of the next.
   */
  static Stream<Arguments> table() {
    return Stream.of(
            row("canaries under way", "-", "-", "-", "-", "-", "-", "-"),
            row("a canary failed", "-", "-", "-", "-", "-", "-", "-"),
            row(
                "a canary failed, nobody else is there",
                "rolling_back",
                "complete",
                "-",
                "-",
                "-",
                "-",
                "-"),
            row("two canaries failed", "rolling_back", "-", "-", "-", "-", "-", "-"),
            row("a canary failed, two others proved it", "rolling", "-", "-", "-", "-", "-", "-"),
            row("canaries proved, others wait", "rolling", "-", "-", "-", "-", "-", "-"),
            row("others under way", "rolling", "-", "-", "-", "-", "-", "-"),
            row("too many failed", "rolling", "rolling_back", "-", "-", "-", "-", "-"),
            row("everybody proved", "rolling", "complete", "-", "-", "-", "-", "-"),
            row("some return", "-", "-", "-", "-", "-", "-", "-"),
            row("nobody is left to return", "-", "-", "-", "-", "-", "rolled_back", "-"),
            row("halt", "halted", "halted", "no", "no", "no", "no", "no"),
            row("resume", "no", "no", "canary", "rolling", "no", "no", "no"),
            row(
                "roll back",
                "rolling_back",
                "rolling_back",
                "rolling_back",
                "rolling_back",
                "rolling_back",
                "no",
                "no"),
            row(
                "roll back what is no target",
                "rolling_back",
                "rolling_back",
                "rolling_back",
                "rolling_back",
                "no",
                "no",
                "no"))
        .flatMap(s -> s);
  }

  private static Stream<Arguments> row(String fact, String... expected) {
    return Stream.iterate(0, i -> i < STATES.size(), i -> i + 1)
        .map(i -> Arguments.of(STATES.get(i), fact, expected[i]));
  }

  @ParameterizedTest(name = "{0} + {1}: {2}")
  @MethodSource("table")
  void life(Rollout state, String fact, String expected) {
    var found =
        switch (state.after(FACTS.get(fact))) {
          case Change.Stays s -> "-";
          case Refused r -> "no";
          case Becomes b -> b.next().name();
        };
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void whatWasHaltedGoesOnWhereItWas() {
    assertThat(new Rolling().after(new HaltAsked("x")))
        .isEqualTo(new Becomes(new Halted(new Rolling()), "x"));
    assertThat(new Halted(new Rolling()).after(new ResumeAsked("y")))
        .isEqualTo(new Becomes(new Rolling(), "y"));
  }

  @Test
  void oneCanaryLessThanWantedIsNotEnoughWhileAnotherCanBeAsked() {
    assertStays(new Canary(), new Count(0, 0, 1, 0, 0), Count.NONE, true);
    assertBecomes(new Canary(), new Count(0, 0, 2, 0, 0), Count.NONE, true, "rolling");
  }

  /** Neither can one account prove an image for all, nor refuse it. */
  @Test
  void whereOneFailedTwoOthersHaveToProveItHoweverFewWereWanted() {
    var careless = new Settings(1, Duration.ofSeconds(1), Duration.ofSeconds(2), 10, 3);
    var failed = new Tally(new Count(0, 0, 0, 1, 0), Count.NONE, true, true);
    assertThat(new Canary().after(new Counted(failed, careless))).isEqualTo(new Change.Stays());
    assertThat(new Canary().mayAsk(failed, careless)).isEqualTo(2);
    var oneToOne = new Tally(new Count(0, 0, 1, 1, 0), Count.NONE, true, true);
    assertThat(new Canary().after(new Counted(oneToOne, careless))).isEqualTo(new Change.Stays());
    var twoToOne = new Tally(new Count(0, 0, 2, 1, 0), Count.NONE, true, true);
    assertThat(new Canary().after(new Counted(twoToOne, careless)))
        .isInstanceOfSatisfying(Becomes.class, b -> assertThat(b.next()).isEqualTo(new Rolling()));
  }

  @Test
  void aFleetOfOneIsItsOwnCanaryButAnEmptyOneProvesNothing() {
    assertBecomes(new Canary(), new Count(0, 0, 1, 0, 0), Count.NONE, false, "rolling");
    assertStays(new Canary(), new Count(0, 1, 0, 0, 0), Count.NONE, false);
    assertStays(new Canary(), Count.NONE, Count.NONE, false);
  }

  @Test
  void asManyAsMayFailDoNotTakeTheFleetBackAndOneMoreDoes() {
    assertStays(new Rolling(), Count.NONE, new Count(1, 0, 0, 3, 0), true);
    assertBecomes(new Rolling(), Count.NONE, new Count(1, 0, 0, 4, 0), true, "rolling_back");
  }

  @Test
  void itIsNotCompleteWhileSomebodyMovesOrWaits() {
    assertStays(new Rolling(), Count.NONE, new Count(0, 1, 0, 0, 0), false);
    assertStays(new Rolling(), Count.NONE, Count.NONE, true);
    assertBecomes(new Rolling(), Count.NONE, Count.NONE, false, "complete");
  }

  @Test
  void itIsNotRolledBackWhileAnybodyWhoWasAskedIsNotBack() {
    for (var left :
        List.of(
            new Count(1, 0, 0, 0, 0),
            new Count(0, 1, 0, 0, 0),
            new Count(0, 0, 1, 0, 0),
            new Count(0, 0, 0, 1, 0),
            new Count(0, 0, 0, 0, 1))) {
      assertStays(new RollingBack(), left, Count.NONE, false);
      assertStays(new RollingBack(), Count.NONE, left, false);
    }
  }

  @Test
  void onlyAsManyCanariesAreAskedAsAreWantedAndNoMoreOnceTwoFailed() {
    assertThat(asks(new Canary(), Count.NONE, Count.NONE)).isEqualTo(2);
    assertThat(asks(new Canary(), new Count(1, 0, 0, 0, 0), Count.NONE)).isEqualTo(1);
    assertThat(asks(new Canary(), new Count(0, 1, 1, 0, 0), Count.NONE)).isZero();
    assertThat(asks(new Canary(), new Count(0, 0, 0, 1, 0), Count.NONE)).isEqualTo(2);
    assertThat(asks(new Canary(), new Count(0, 0, 1, 1, 0), Count.NONE)).isEqualTo(1);
    assertThat(asks(new Canary(), new Count(0, 0, 0, 2, 0), Count.NONE)).isZero();
  }

  @Test
  void aWaveIsNeverLargerThanItMayBeAndThoseThatBakeAreOfIt() {
    for (var state : List.of(new Rolling(), new Complete())) {
      assertThat(asks(state, new Count(0, 0, 2, 0, 0), Count.NONE)).isEqualTo(10);
      assertThat(asks(state, Count.NONE, new Count(4, 5, 50, 1, 0))).isEqualTo(1);
      assertThat(asks(state, Count.NONE, new Count(4, 6, 50, 1, 0))).isZero();
    }
  }

  @Test
  void nobodyIsAskedOfOneThatIsHeldOrGoesBack() {
    for (var state :
        List.of(
            new Halted(new Canary()),
            new Halted(new Rolling()),
            new RollingBack(),
            new RolledBack())) {
      assertThat(asks(state, Count.NONE, Count.NONE)).isZero();
    }
  }

  private static int asks(Rollout state, Count canaries, Count others) {
    return state.mayAsk(new Tally(canaries, others, true, true), SETTINGS);
  }

  private static void assertStays(Rollout state, Count canaries, Count others, boolean waiting) {
    assertThat(state.after(counted(canaries, others, waiting))).isEqualTo(new Change.Stays());
  }

  private static void assertBecomes(
      Rollout state, Count canaries, Count others, boolean waiting, String next) {
    assertThat(state.after(counted(canaries, others, waiting)))
        .isInstanceOfSatisfying(Becomes.class, b -> assertThat(b.next().name()).isEqualTo(next));
  }

  private static Fact counted(Count canaries, Count others, boolean isSomebodyWaiting) {
    return new Counted(new Tally(canaries, others, isSomebodyWaiting, isSomebodyWaiting), SETTINGS);
  }
}
