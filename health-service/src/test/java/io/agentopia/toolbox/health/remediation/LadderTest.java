package io.agentopia.toolbox.health.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.AilingDroplet.State;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import io.agentopia.toolbox.health.remediation.Ailment.Sick;
import io.agentopia.toolbox.health.remediation.Decision.Remediate;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.EventDraft.Ask;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.testing.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A ladder of two rungs: what does not help is followed by the next, and the last is repeated. */
class LadderTest {
  private static final RemediationRules RULES = RemediationPolicyTest.RULES;
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Key KEY = new Key(new UUID(1, 2), 3);
  private static final HealthReason DOCKER = new HealthReason("docker_unreachable");

  private static final Rung REBOOT =
      new Rung(
          Remedy.REBOOT_DROPLET,
          ailment -> ailment.reason().equals(DOCKER),
          List.of(Guard::settling, Guard::breaker),
          rules -> Duration.ofMinutes(5));

  private static final Rung RECREATE =
      new Rung(
          Remedy.RECREATE_DROPLET,
          ailment -> true,
          List.of(Guard::cap),
          RemediationRules::patience);

  private static final RemediationPolicy POLICY =
      new RemediationPolicy(List.of(REBOOT, RECREATE), RULES);

  private final AilingDroplet sick = AilingDroplet.of(KEY, new Sick(DOCKER), RULES, NOW);

  @Test
  void todayNoSickDropletIsAPatient() {
    var policy = new RemediationPolicy(RULES);
    assertThat(policy.treats(new Sick(DOCKER))).isFalse();
    assertThat(policy.treats(new Lost())).isTrue();
  }

  @Test
  void theMildestRungThatHelpsIsTriedFirst() {
    assertThat(decide(sick, 5)).isEqualTo(new Remediate(REBOOT));
    assertThat(decide(AilingDroplet.of(KEY, new Lost(), RULES, NOW), 5))
        .isEqualTo(new Remediate(RECREATE));
  }

  @Test
  void eachRungHasItsOwnGuards() {
    assertThat(decide(sick, 4)).isInstanceOf(Wait.class);
    assertThat(decide(rebooted(), 5 + 300)).isEqualTo(new Remediate(RECREATE));
  }

  @Test
  void aRungIsGivenItsTimeAndThenTheNextOneIsTried() {
    assertThat(decide(rebooted(), 5 + 299)).isInstanceOf(Wait.class);
    assertThat(decide(rebooted(), 5 + 300)).isEqualTo(new Remediate(RECREATE));
  }

  @Test
  void theLastRungIsRepeated() {
    var recreated = after(rebooted(), new Remediate(RECREATE), 305);
    assertThat(decide(recreated, 305 + 119)).isInstanceOf(Wait.class);
    assertThat(decide(recreated, 305 + 120)).isEqualTo(new Remediate(RECREATE));
  }

  @Test
  void whatIsAskedForSaysWhatItIsFor() {
    var step = sick.after(new Remediate(REBOOT), new UUID(3, 4), RULES, NOW);
    assertThat(step.drafts()).containsExactly(new Ask(Remedy.REBOOT_DROPLET, DOCKER));
    assertThat(step.droplet().dueAt()).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void whoIsWellAgainIsNoPatientAndSickOnceMoreANewOne() {
    var well = rebooted().recovered().droplet();
    assertThat(well.state()).isEqualTo(State.OVER);
    assertThat(well.dueAt()).isNull();
    var again = well.sick(new Sick(DOCKER), RULES, NOW.plusSeconds(900));
    assertThat(again.state()).isEqualTo(State.OPEN);
    assertThat(decide(again, 905)).isEqualTo(new Remediate(REBOOT));
  }

  /** Its agent cannot be well, whatever was found of the droplet before. */
  @Test
  void aSickDropletThatIsLostIsTreatedAsLost() {
    var lost = rebooted().lost(RULES, NOW.plusSeconds(60));
    assertThat(lost.ailment()).isEqualTo(new Lost());
    assertThat(lost.recovered().droplet()).isEqualTo(lost);
    assertThat(decide(lost, 65)).isEqualTo(new Remediate(RECREATE));
  }

  @Test
  void aSickDropletThatTheCloudStillKnowsIsNotFound() {
    var ready =
        Told.dropletReady(
            new Subject(KEY.toolboxId(), "acct-1", 3, 9),
            ToolboxStatus.UNRESPONSIVE,
            41,
            "203.0.113.1",
            30000);
    assertThat(sick.after(ready).droplet()).isEqualTo(sick);
  }

  private AilingDroplet rebooted() {
    return after(sick, new Remediate(REBOOT), 5);
  }

  private static AilingDroplet after(AilingDroplet before, Decision decision, long seconds) {
    return before.after(decision, new UUID(3, 4), RULES, NOW.plusSeconds(seconds)).droplet();
  }

  private static Decision decide(AilingDroplet droplet, long seconds) {
    var fleet = new Fleet(1, 1, 0);
    return POLICY.decide(
        new RemediationContext(droplet, List.of(), null, fleet), NOW.plusSeconds(seconds));
  }
}
