package io.agentopia.toolbox.provisioner.toolbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WaitingTest {
  private static final Instant NOW = LifecycleTableTest.NOW;
  private static final Deadlines DEADLINES = LifecycleTableTest.DEADLINES;
  private static final Agent AGENT = new Agent("0.1.0", 30000);

  /** Whatever has a deadline is shown with it: nothing looks well for as long as it waits. */
  @ParameterizedTest
  @MethodSource("io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest#states")
  void aStateWithADeadlineSaysWhatItWaitsForAndUntilWhen(ToolboxState state) {
    var toolbox = LifecycleTableTest.toolbox(state);
    var waiting = Waiting.of(toolbox, DEADLINES);
    var planned = Planner.dueAt(toolbox, NOW.minusSeconds(3600));
    var isToBeTried =
        state instanceof ErrorProvisioning
            || state instanceof Deprovisioned
            || state instanceof PendingProvision
            || state instanceof PendingDeprovision;
    if (planned != null && !isToBeTried) {
      assertThat(waiting).as("%s", state).isPresent();
    }
    waiting.ifPresent(
        w -> {
          assertThat(w.until() != null || w.nextAt() != null).isTrue();
          if (w.until() != null) {
            assertThat(w.since()).isBefore(w.until());
            assertThat(w.then()).isNotBlank();
          }
        });
  }

  @Test
  void theSecondDropletThatDoesNotComeUpIsTheLast() {
    var booting = LifecycleTableTest.toolbox(new Booting(41, false, null, NOW));
    assertThat(Waiting.of(booting, DEADLINES).orElseThrow().then()).contains("once more");
    assertThat(Waiting.of(booting.withFailedBoots(1), DEADLINES).orElseThrow().then())
        .contains("given up");
  }

  @Test
  void anAgentThatHasJoinedIsWaitedForToBeHealthy() {
    var until = NOW.plusSeconds(600);
    var silent = new AwaitingHeartbeat(41, "203.0.113.1", null, until);
    var joined = new AwaitingHeartbeat(41, "203.0.113.1", AGENT, until);
    assertThat(what(silent)).isEqualTo("agent_join");
    assertThat(what(joined)).isEqualTo("agent_health");
    assertThat(Waiting.of(LifecycleTableTest.toolbox(joined), DEADLINES).orElseThrow().since())
        .isEqualTo(until.minus(DEADLINES.join()));
  }

  private static String what(ToolboxState state) {
    return Waiting.of(LifecycleTableTest.toolbox(state), DEADLINES).orElseThrow().what();
  }
}
