package io.agentopia.toolbox.simulator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.simulator.trial.HostImages.Trial;
import io.agentopia.toolbox.simulator.trial.TrialRules.GivenUp;
import io.agentopia.toolbox.simulator.trial.TrialRules.Said;
import io.agentopia.toolbox.simulator.trial.TrialRules.Step;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TrialRulesTest {
  private static final String FORMER = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NEXT = "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String THIRD = "docker.io/agentopia/dtma@sha256:" + "9d".repeat(32);
  private static final Instant NOW = Instant.parse("2026-11-25T01:00:00Z");
  private static final HostImages RUNS_FORMER = HostImages.proven(FORMER);
  private static final Said NOTHING = new Said(null, null);
  private static final GivenUp ENDED =
      new GivenUp(NEXT, "the agent of this image ended 3 times (exit code 1)");
  private static final GivenUp NOT_CONFIRMED =
      new GivenUp(NEXT, "the agent of this image was not confirmed within 180 s");

  private final TrialRules rules = new TrialRules(3, Duration.ofSeconds(180));

  @Test
  void withoutAWishTheProvenImageRuns() {
    assertThat(rules.start(RUNS_FORMER, NOTHING, NOW))
        .isEqualTo(new Step(RUNS_FORMER, false, null));
    assertThat(rules.watch(RUNS_FORMER, NOTHING, NOW))
        .isEqualTo(new Step(RUNS_FORMER, false, null));
  }

  @Test
  void aWishBeginsATrialAtTheNextStartOnly() {
    var said = new Said(NEXT, null);
    assertThat(rules.watch(RUNS_FORMER, said, NOW).after()).isEqualTo(RUNS_FORMER);
    assertThat(rules.start(RUNS_FORMER, said, NOW))
        .isEqualTo(new Step(trial(1, NOW, null), true, null));
    assertThat(trial(1, NOW, null).toRun()).isEqualTo(NEXT);
  }

  @Test
  void aConfirmationFromBeforeTheTrialDoesNotCount() {
    assertThat(rules.start(RUNS_FORMER, new Said(NEXT, NEXT), NOW).after().isOnTrial()).isTrue();
  }

  @Test
  void theImageThatRunsIsNotTried() {
    var elsewhere = FORMER.replace("docker.io", "ghcr.io");
    assertThat(rules.start(RUNS_FORMER, new Said(elsewhere, null), NOW).after())
        .isEqualTo(RUNS_FORMER);
  }

  @ParameterizedTest(name = "started {0} times, {1} s ago: started from {2}")
  @CsvSource({"1, 0, next", "2, 179, next", "2, 180, former", "3, 0, former", "3, 500, former"})
  void anImageThatIsNotConfirmedGetsThreeStartsAndItsTime(int starts, int secondsAgo, String runs) {
    var step = rules.start(trial(starts, NOW.minusSeconds(secondsAgo), 1), NOTHING, NOW);
    assertThat(step.after().toRun()).isEqualTo(runs.equals("next") ? NEXT : FORMER);
    assertThat(step.givenUp() == null).isEqualTo(runs.equals("next"));
    if (step.givenUp() == null) {
      assertThat(step.after().trial().starts()).isEqualTo(starts + 1);
    }
  }

  @Test
  void theReasonSaysWhatHappened() {
    assertThat(rules.start(trial(3, NOW, 1), NOTHING, NOW).givenUp()).isEqualTo(ENDED);
    assertThat(rules.start(trial(3, NOW, null), NOTHING, NOW).givenUp().reason())
        .endsWith("(exit code unknown)");
    assertThat(rules.watch(trial(1, NOW.minusSeconds(180), null), NOTHING, NOW).givenUp())
        .isEqualTo(NOT_CONFIRMED);
  }

  @Test
  void theWatchCountsNoStarts() {
    assertThat(rules.watch(trial(3, NOW.minusSeconds(179), 1), NOTHING, NOW))
        .isEqualTo(new Step(trial(3, NOW.minusSeconds(179), 1), false, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 179, 180, 10_000})
  void aConfirmedImageIsProvenHoweverLateThatIsSeen(int secondsAgo) {
    var tried = trial(3, NOW.minusSeconds(secondsAgo), 1);
    var said = new Said(null, NEXT);
    var promoted = new Step(HostImages.proven(NEXT), false, null);
    assertThat(rules.watch(tried, said, NOW)).isEqualTo(promoted);
    assertThat(rules.start(tried, said, NOW)).isEqualTo(promoted);
  }

  @Test
  void aConfirmationOfAnotherImageIsNone() {
    assertThat(rules.watch(trial(1, NOW, null), new Said(null, FORMER), NOW).after().isOnTrial())
        .isTrue();
  }

  @Test
  void aConfirmedImageMayWishForAThirdAndIsItsWayBack() {
    var step = rules.start(trial(1, NOW, null), new Said(THIRD, NEXT), NOW);
    assertThat(step.after()).isEqualTo(new HostImages(NEXT, new Trial(THIRD, 1, NOW, null)));
  }

  @Test
  void whoIsGivenUpIsSoWithItsWish() {
    var step = rules.start(trial(3, NOW, 1), new Said(THIRD, null), NOW);
    assertThat(step).isEqualTo(new Step(RUNS_FORMER, false, ENDED));
  }

  @Test
  void aRebootGivesTheTimeAnewButNotTheStarts() {
    var later = NOW.plusSeconds(1_000);
    assertThat(trial(2, NOW, 1).rebooted(later)).isEqualTo(trial(2, later, 1));
    assertThat(RUNS_FORMER.rebooted(later)).isEqualTo(RUNS_FORMER);
  }

  @Test
  void theLastExitCodeIsKeptOnlyDuringATrial() {
    assertThat(trial(1, NOW, null).ended(3)).isEqualTo(trial(1, NOW, 3));
    assertThat(RUNS_FORMER.ended(3)).isEqualTo(RUNS_FORMER);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"dtma:latest", "dtma@sha256:7c", "--rm@sha256:", "a\nb", "$(id)"})
  void whatIsNoReferenceByDigestWasNotSaid(String evil) {
    assertThat(new Said(evil, evil)).isEqualTo(NOTHING);
    assertThat(new Said(NEXT + "\nDTMA_IMAGE=x", null)).isEqualTo(NOTHING);
  }

  private static HostImages trial(int starts, Instant since, Integer exitCode) {
    return new HostImages(FORMER, new Trial(NEXT, starts, since, exitCode));
  }
}
