package io.agentopia.toolbox.health.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Asked;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.AilingDroplet.State;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Remediate;
import io.agentopia.toolbox.health.remediation.Decision.ShortCircuit;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.EventDraft.Ask;
import io.agentopia.toolbox.health.remediation.EventDraft.Raise;
import io.agentopia.toolbox.health.remediation.EventDraft.Resolve;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What decisions and events make of a loss, and what is told of it. */
class AilingDropletTest {
  private static final RemediationRules RULES = RemediationPolicyTest.RULES;
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final UUID ID = new UUID(1, 2);
  private static final UUID ALERT = new UUID(3, 4);
  private static final ShortCircuit HOLD = new ShortCircuit(new Advice("many are lost", "look"));
  private static final GiveUp GIVE_UP = new GiveUp(new Advice("lost again", "look"));
  private static final Remediate RECREATE = new Remediate(Rung.LADDER.getLast());
  private final AilingDroplet open = AilingDroplet.of(new Key(ID, 3), new Lost(), RULES, NOW);

  @Test
  void itIsDecidedAboutWhenItHasSettled() {
    assertThat(open.dueAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(open.state()).isEqualTo(State.OPEN);
  }

  @Test
  void aRemedyIsAskedForAndLookedAtAgainLater() {
    var step = after(open, RECREATE);
    assertThat(step.drafts())
        .containsExactly(new Ask(new Remedy("recreate_droplet"), new HealthReason("droplet_lost")));
    assertThat(step.droplet().asked()).isEqualTo(new Asked(Remedy.RECREATE_DROPLET, NOW));
    assertThat(step.droplet().dueAt()).isEqualTo(NOW.plusSeconds(120));
  }

  @Test
  void waitingIsSilent() {
    var step = after(open, new Wait(NOW.plusSeconds(7), "why"));
    assertThat(step.drafts()).isEmpty();
    assertThat(step.droplet().dueAt()).isEqualTo(NOW.plusSeconds(7));
  }

  @Test
  void aHeldLossRaisesOneAlertAndIsLookedAtAgain() {
    var first = after(open, HOLD);
    assertThat(first.drafts()).containsExactly(new Raise(ALERT, "many are lost", "look"));
    assertThat(first.droplet().dueAt()).isEqualTo(NOW.plusSeconds(10));
    var second = after(first.droplet(), HOLD);
    assertThat(second.drafts()).isEmpty();
    assertThat(second.droplet().dueAt()).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void givingUpIsTheEndOfLooking() {
    var step = after(open, GIVE_UP);
    assertThat(step.drafts()).containsExactly(new Raise(ALERT, "lost again", "look"));
    assertThat(step.droplet().state()).isEqualTo(State.GIVEN_UP);
    assertThat(step.droplet().dueAt()).isNull();
  }

  @Test
  void whatWasHeldAndIsThenGivenUpIsToldUnderTheSameAlert() {
    var held = after(open, HOLD).droplet();
    var step = held.after(GIVE_UP, new UUID(9, 9), RULES, NOW);
    assertThat(step.drafts()).containsExactly(new Raise(ALERT, "lost again", "look"));
  }

  @Test
  void theHealedOneKeepsItsAlertUntilTheToolboxIsActive() {
    var healed = after(after(open, HOLD).droplet(), RECREATE).droplet();
    var replaced = healed.after(event(4, ToolboxStatus.PROVISIONING));
    assertThat(replaced.drafts()).isEmpty();
    assertThat(replaced.droplet().alert()).isNotNull();
    assertThat(replaced.droplet().asked().at()).as("counts against the cap").isEqualTo(NOW);
    var active = replaced.droplet().after(event(4, ToolboxStatus.ACTIVE));
    assertThat(active.drafts()).containsExactly(new Resolve(ALERT, "the toolbox is healthy again"));
    assertThat(active.droplet().alert()).isNull();
  }

  @Test
  void deletingTheToolboxResolvesTheAlert() {
    var step = after(open, GIVE_UP).droplet().after(event(3, ToolboxStatus.PENDING_DEPROVISION));
    assertThat(step.drafts()).containsExactly(new Resolve(ALERT, "the toolbox is being deleted"));
    assertThat(step.droplet().state()).isEqualTo(State.OVER);
  }

  @Test
  void oneThatIsThereAfterAllWasNoLoss() {
    var ready =
        Told.dropletReady(
            new Subject(ID, "acct-1", 3, 9), ToolboxStatus.UNRESPONSIVE, 41, "203.0.113.1", 30000);
    var step = after(open, GIVE_UP).droplet().after(ready);
    assertThat(step.droplet().state()).isEqualTo(State.FOUND);
    assertThat(step.droplet().dueAt()).isNull();
    assertThat(step.drafts()).containsExactly(new Resolve(ALERT, "the droplet is there"));
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
    assertThat(step.droplet().state()).isEqualTo(expected);
    assertThat(step.drafts()).isEmpty();
    assertThat(step.droplet().dueAt() == null).isEqualTo(expected == State.OVER);
  }

  private static AilingDroplet.Step after(AilingDroplet loss, Decision decision) {
    return loss.after(decision, ALERT, RULES, NOW);
  }

  private static ToolboxLifecycle event(long generation, ToolboxStatus status) {
    return Told.toolboxStatusChanged(new Subject(ID, "acct-1", generation, 9), status, null);
  }
}
