package io.agentopia.toolbox.health.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Hold;
import io.agentopia.toolbox.health.remediation.Decision.Remedy;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.LostDroplet.State;
import io.agentopia.toolbox.health.remediation.Notice.Ask;
import io.agentopia.toolbox.health.remediation.Notice.Raise;
import io.agentopia.toolbox.health.remediation.Notice.Resolve;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What decisions and events make of a loss, and what is told of it. */
class LostDropletTest {
  private static final Rules RULES = RemediationTest.RULES;
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final UUID ID = new UUID(1, 2);
  private static final UUID ALERT = new UUID(3, 4);
  private static final Hold HOLD = new Hold(new Words("many are lost", "look"));
  private static final GiveUp GIVE_UP = new GiveUp(new Words("lost again", "look"));
  private final LostDroplet open = LostDroplet.of(ID, 3, RULES, NOW);

  @Test
  void itIsDecidedAboutWhenItHasSettled() {
    assertThat(open.dueAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(open.state()).isEqualTo(State.OPEN);
  }

  @Test
  void aRemedyIsAskedForAndLookedAtAgainLater() {
    var step = after(open, new Remedy());
    assertThat(step.notices()).containsExactly(new Ask("recreate_droplet", "droplet_lost"));
    assertThat(step.loss().askedAt()).isEqualTo(NOW);
    assertThat(step.loss().dueAt()).isEqualTo(NOW.plusSeconds(120));
  }

  @Test
  void waitingIsSilent() {
    var step = after(open, new Wait(NOW.plusSeconds(7), "why"));
    assertThat(step.notices()).isEmpty();
    assertThat(step.loss().dueAt()).isEqualTo(NOW.plusSeconds(7));
  }

  @Test
  void aHeldLossRaisesOneAlertAndIsLookedAtAgain() {
    var first = after(open, HOLD);
    assertThat(first.notices()).containsExactly(new Raise(ALERT, "many are lost", "look"));
    assertThat(first.loss().dueAt()).isEqualTo(NOW.plusSeconds(10));
    var second = after(first.loss(), HOLD);
    assertThat(second.notices()).isEmpty();
    assertThat(second.loss().dueAt()).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void givingUpIsTheEndOfLooking() {
    var step = after(open, GIVE_UP);
    assertThat(step.notices()).containsExactly(new Raise(ALERT, "lost again", "look"));
    assertThat(step.loss().state()).isEqualTo(State.GIVEN_UP);
    assertThat(step.loss().dueAt()).isNull();
  }

  @Test
  void whatWasHeldAndIsThenGivenUpIsToldUnderTheSameAlert() {
    var held = after(open, HOLD).loss();
    var step = held.after(GIVE_UP, new UUID(9, 9), RULES, NOW);
    assertThat(step.notices()).containsExactly(new Raise(ALERT, "lost again", "look"));
  }

  @Test
  void theHealedOneKeepsItsAlertUntilTheToolboxIsActive() {
    var healed = after(after(open, HOLD).loss(), new Remedy()).loss();
    var replaced = healed.after(event(4, ToolboxStatus.PROVISIONING));
    assertThat(replaced.notices()).isEmpty();
    assertThat(replaced.loss().alert()).isNotNull();
    assertThat(replaced.loss().askedAt()).as("counts against the cap").isEqualTo(NOW);
    var active = replaced.loss().after(event(4, ToolboxStatus.ACTIVE));
    assertThat(active.notices())
        .containsExactly(new Resolve(ALERT, "the toolbox is healthy again"));
    assertThat(active.loss().alert()).isNull();
  }

  @Test
  void deletingTheToolboxResolvesTheAlert() {
    var step = after(open, GIVE_UP).loss().after(event(3, ToolboxStatus.PENDING_DEPROVISION));
    assertThat(step.notices()).containsExactly(new Resolve(ALERT, "the toolbox is being deleted"));
    assertThat(step.loss().state()).isEqualTo(State.OVER);
  }

  @Test
  void oneThatIsThereAfterAllWasNoLoss() {
    var ready =
        new DropletReady(
            new Subject(ID, "acct-1", 3, 9), ToolboxStatus.UNRESPONSIVE, 41, "203.0.113.1", 30000);
    var step = after(open, GIVE_UP).loss().after(ready);
    assertThat(step.loss().state()).isEqualTo(State.FOUND);
    assertThat(step.loss().dueAt()).isNull();
    assertThat(step.notices()).containsExactly(new Resolve(ALERT, "the droplet is there"));
  }

  @ParameterizedTest(name = "generation {0}, {1}: {2}")
  @CsvSource({
    "2, DEPROVISIONED, OPEN",
    "2, ACTIVE, OPEN",
    "3, UNRESPONSIVE, OPEN",
    "3, ACTIVE, OPEN",
    "3, PENDING_DEPROVISION, OVER",
    "3, DEPROVISIONING, OVER",
    "3, DEPROVISIONED, OVER",
    "3, ERROR_DEPROVISIONING, OVER",
    "4, PROVISIONING, OVER",
    "4, ERROR_PROVISIONING, OVER",
    "4, ACTIVE, OVER"
  })
  void anEvent(long generation, ToolboxStatus status, State expected) {
    var step = open.after(event(generation, status));
    assertThat(step.loss().state()).isEqualTo(expected);
    assertThat(step.notices()).isEmpty();
    assertThat(step.loss().dueAt() == null).isEqualTo(expected == State.OVER);
  }

  private static LostDroplet.Step after(LostDroplet loss, Decision decision) {
    return loss.after(decision, ALERT, RULES, NOW);
  }

  private static ToolboxLifecycle event(long generation, ToolboxStatus status) {
    return new ToolboxStatusChanged(new Subject(ID, "acct-1", generation, 9), status, null);
  }
}
