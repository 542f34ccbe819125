package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.ToolInstances.DEADLINES;
import static io.agentopia.toolbox.deployer.tool.ToolInstances.HEALTHY;
import static io.agentopia.toolbox.deployer.tool.ToolInstances.NOT_HEALTHY;
import static io.agentopia.toolbox.deployer.tool.ToolInstances.NOW;
import static io.agentopia.toolbox.deployer.tool.ToolInstances.fact;
import static io.agentopia.toolbox.deployer.tool.ToolInstances.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the state x fact table does not show: wishes, deadlines, words. */
class ToolInstanceDetailsTest {

  @Test
  void anotherSpecificationIsANewRevisionThatIsToRun() {
    var next = after("Stopped", "deployOther", HEALTHY).wanted();
    assertThat(next.revision()).isEqualTo(ToolInstances.REVISION + 1);
    assertThat(next.spec()).isEqualTo(ToolInstances.OTHER);
    assertThat(next.desired()).isEqualTo(Desired.RUNNING);
  }

  @Test
  void aRestartIsCountedAndAStartAfterAStopIsNot() {
    assertThat(after("Running", "restart", HEALTHY).wanted().restarts())
        .isEqualTo(ToolInstances.RESTARTS + 1);
    assertThat(after("Stopped", "start", HEALTHY).wanted().restarts())
        .isEqualTo(ToolInstances.RESTARTS);
  }

  @Test
  void aToolThatEndedByItselfIsStartedByOneMoreRestart() {
    assertThat(after("Stopped itself", "start", HEALTHY).wanted().restarts())
        .isEqualTo(ToolInstances.RESTARTS + 1);
  }

  @Test
  void aDeploymentHasFiveMinutesOnAHealthyToolboxAndThirtyOnOneThatIsNot() {
    assertThat(deadlineAfter("Running", "deployOther", HEALTHY)).isEqualTo(in(DEADLINES.deploy()));
    assertThat(deadlineAfter("Running", "deployOther", NOT_HEALTHY))
        .isEqualTo(in(DEADLINES.toolboxReady()));
    assertThat(deadlineAfter("Deploying long", "healthy", HEALTHY))
        .isEqualTo(in(DEADLINES.deploy()));
  }

  @Test
  void waitingForANewDropletHasADeadlineOfItsOwn() {
    assertThat(deadlineAfter("Running", "replaced", NOT_HEALTHY))
        .isEqualTo(in(DEADLINES.toolboxReady()));
  }

  @Test
  void stopRestartAndRemovalHaveDeadlines() {
    assertThat(deadlineAfter("Running", "stop", HEALTHY)).isEqualTo(in(DEADLINES.stop()));
    assertThat(deadlineAfter("Running", "restart", HEALTHY)).isEqualTo(in(DEADLINES.restart()));
    assertThat(deadlineAfter("Running", "restarting", HEALTHY)).isEqualTo(in(DEADLINES.restart()));
    assertThat(deadlineAfter("Restarting", "stop", HEALTHY)).isEqualTo(in(DEADLINES.stop()));
    assertThat(deadlineAfter("Running", "remove", HEALTHY)).isEqualTo(in(DEADLINES.removal()));
  }

  @Test
  void aToolAskedToStopWhileItWasDeployedIsStillToStopOnceItRuns() {
    var next = (Running) after("Deploying stop", "running", HEALTHY);
    assertThat(next.wanted().desired()).isEqualTo(Desired.STOPPED);
    assertThat(next.stopBy()).isEqualTo(in(DEADLINES.stop()));
  }

  @Test
  void aStopThatIsLateIsToldOnce() {
    var told = after("Running stop", "deadline", HEALTHY);
    assertThat(told.deadline()).isEmpty();
    assertThat(told.apply(fact("deadline"), HEALTHY)).isInstanceOf(Outcome.Unchanged.class);
  }

  @Test
  void aRemovalWaitsForTheManifestThatIsTheFirstWithoutTheTool() {
    assertThat(((Removing) after("Running", "remove", HEALTHY)).absentFrom())
        .isEqualTo(HEALTHY.nextManifest());
  }

  @Test
  void eachTimeoutHasItsCode() {
    assertThat(codeAfter("Pending", "deadline")).isEqualTo("toolbox_not_ready");
    assertThat(codeAfter("Deploying", "deadline")).isEqualTo("deploy_timeout");
    assertThat(codeAfter("Restarting", "deadline")).isEqualTo("restart_timeout");
    assertThat(codeAfter("Restarting stop", "deadline")).isEqualTo("stop_timeout");
  }

  @Test
  void aToolWhoseToolboxWasNotReadyInTimeIsDeployedWhenItIs() {
    var failed = after("Pending", "deadline", NOT_HEALTHY);
    var next = ((Outcome.Changed) failed.apply(fact("healthy"), HEALTHY)).next();
    assertThat(next).isInstanceOf(Deploying.class);
    assertThat(next.wanted().revision()).isEqualTo(ToolInstances.REVISION);
  }

  @Test
  void everyTroubleSaysWhatWasFoundAndWhatToDo() {
    for (var name : new String[] {"Pending", "Deploying", "Restarting", "Restarting stop"}) {
      var trouble = ((Failed) after(name, "deadline", HEALTHY)).trouble();
      assertThat(trouble.message()).contains("search").contains("min");
      assertThat(trouble.action()).isNotBlank();
    }
  }

  private static ToolInstance after(String state, String fact, DecisionContext situation) {
    return ((Outcome.Changed) state(state).apply(fact(fact), situation)).next();
  }

  private static Instant deadlineAfter(String state, String fact, DecisionContext situation) {
    return Optional.of(after(state, fact, situation)).flatMap(ToolInstance::deadline).orElseThrow();
  }

  private static String codeAfter(String state, String fact) {
    return ((Failed) after(state, fact, HEALTHY)).trouble().code();
  }

  private static Instant in(Duration time) {
    return NOW.plus(time);
  }
}
