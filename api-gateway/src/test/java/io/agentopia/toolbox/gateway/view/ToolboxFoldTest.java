package io.agentopia.toolbox.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxFailed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ToolboxFoldTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final UUID ID = UUID.randomUUID();
  private final ToolboxView view = new ToolboxView();

  @Test
  void anEventThatWasOvertakenChangesNothing() {
    assertThat(ToolboxFold.apply(view, ready(1, 5), NOW)).isPresent();
    assertThat(ToolboxFold.apply(view, changed(1, 5, ToolboxStatus.PROVISIONING), NOW)).isEmpty();
    assertThat(ToolboxFold.apply(view, changed(1, 4, ToolboxStatus.PROVISIONING), NOW)).isEmpty();
    assertThat(view.status).isEqualTo("awaiting_heartbeat");
  }

  @Test
  void anotherDropletStartsWithoutAddressHealthAndTrouble() {
    ToolboxFold.apply(view, ready(1, 1), NOW);
    ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 1, 1), "0.1.0"), NOW);
    ToolboxFold.apply(
        view,
        Told.toolboxFailed(
            new Subject(ID, "a", 1, 2), ToolboxStatus.ERROR_PROVISIONING, "c", "m", "x"),
        NOW);
    ToolboxFold.apply(
        view,
        Told.dropletReplaced(new Subject(ID, "a", 2, 3), ToolboxStatus.PROVISIONING, 7, 8, null),
        NOW);
    assertThat(view.generation).isEqualTo(2);
    assertThat(view.dropletId).isEqualTo(8);
    assertThat(view.ipv4).isNull();
    assertThat(view.healthStatus).isNull();
    assertThat(view.errorCode).isNull();
  }

  /** It waited in a retry while others passed by; its address is told by nobody else. */
  @Test
  void whatAnOvertakenEventAloneTellsIsTakenAndNothingElseOfIt() {
    view.status = "awaiting_heartbeat";
    ToolboxFold.apply(view, changed(1, 5, ToolboxStatus.ACTIVE), NOW);
    assertThat(ToolboxFold.apply(view, ready(1, 3), NOW)).isEmpty();
    assertThat(view.ipv4).isEqualTo(ready(1, 3).ipv4());
    assertThat(view.dropletId).isEqualTo(ready(1, 3).dropletId());
    assertThat(view.status).isEqualTo("active");
    assertThat(view.lifecycleSequence).isEqualTo(5);

    view.ipv4 = "203.0.113.99";
    ToolboxFold.apply(view, ready(1, 4), NOW);
    assertThat(view.ipv4).as("known already").isEqualTo("203.0.113.99");
  }

  @Test
  void anOvertakenEventOfAnotherDropletOrOfADeletedToolboxTellsNothing() {
    view.status = "awaiting_heartbeat";
    ToolboxFold.apply(view, changed(2, 5, ToolboxStatus.ACTIVE), NOW);
    ToolboxFold.apply(view, ready(1, 3), NOW);
    assertThat(view.ipv4).isNull();
    ToolboxFold.apply(view, changed(2, 6, ToolboxStatus.DEPROVISIONED), NOW);
    ToolboxFold.apply(view, ready(2, 4), NOW);
    assertThat(view.ipv4).isNull();
  }

  @Test
  void aVerdictOnAnotherGenerationIsNoNews() {
    ToolboxFold.apply(view, ready(2, 1), NOW);
    assertThat(ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 1, 1), "0.1.0"), NOW))
        .isFalse();
    assertThat(ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 2, 1), "0.1.0"), NOW))
        .isTrue();
    assertThat(ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 2, 1), "0.1.0"), NOW))
        .isFalse();
    assertThat(view.healthStatus).isEqualTo("healthy");
  }

  @Test
  void theWantedImageIsTheDropletsAndNotAStatus() {
    var image = "docker.io/x/dtma@sha256:" + "b".repeat(64);
    ToolboxFold.apply(view, ready(1, 1), NOW);
    ToolboxFold.apply(view, wanted(1, 2, image), NOW);
    assertThat(view.wantedAgentImages()).containsExactly(image);
    assertThat(view.statusDetail).isNull();
    assertThat(view.isAnotherImageWanted(null)).isTrue();
    assertThat(view.isAnotherImageWanted(image.replace("docker.io", "ghcr.io"))).isFalse();
    ToolboxFold.apply(view, ready(2, 3), NOW);
    assertThat(view.wantedAgentImages()).isEmpty();
    assertThat(view.isAnotherImageWanted(null)).isFalse();
    assertThat(ToolboxFold.apply(view, wanted(1, 9, image), NOW)).isFalse();
  }

  private static AgentUpgradeRequested wanted(long generation, long sequence, String image) {
    return Told.agentUpgradeRequested(
        new Subject(ID, "a", generation, sequence), UUID.randomUUID(), "v2", List.of(image));
  }

  /** It may be tried again while verdicts pass by, and it passes while a verdict is tried again. */
  @Test
  void wantedImagesAndVerdictsDoNotMakeEachOtherStale() {
    var image = "docker.io/x/dtma@sha256:" + "b".repeat(64);
    ToolboxFold.apply(view, ready(1, 1), NOW);
    ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 1, 5), "0.1.0"), NOW);
    assertThat(ToolboxFold.apply(view, wanted(1, 4, image), NOW)).isTrue();
    assertThat(view.wantedAgentImages()).containsExactly(image);
    ToolboxFold.apply(view, wanted(1, 9, image.replace('b', 'c')), NOW);
    assertThat(ToolboxFold.apply(view, wanted(1, 8, image), NOW)).isFalse();
    assertThat(ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 1, 6), "0.1.0"), NOW))
        .isTrue();
  }

  @Test
  void aRemedyIsToldUntilTheToolboxGoesOn() {
    ToolboxFold.apply(view, changed(1, 1, ToolboxStatus.UNRESPONSIVE), NOW);
    ToolboxFold.apply(view, remedy(1), NOW);
    assertThat(view.statusDetail).isEqualTo("remediation: recreate_droplet");
    ToolboxFold.apply(view, changed(2, 2, ToolboxStatus.PROVISIONING), NOW);
    ToolboxFold.apply(view, changed(2, 3, ToolboxStatus.ACTIVE), NOW);
    assertThat(view.statusDetail).isNull();
  }

  @Test
  void aRemedyThatADeletionOvertookIsNotTold() {
    ToolboxFold.apply(view, changed(1, 1, ToolboxStatus.DEPROVISIONED), NOW);
    ToolboxFold.apply(view, remedy(1), NOW);
    assertThat(view.statusDetail).isNull();
  }

  @Test
  void anAlertThatIsResolvedMakesNoVerdictStaleThatIsStillOnItsWay() {
    ToolboxFold.apply(view, ready(2, 1), NOW);
    ToolboxFold.apply(
        view, Told.alertResolved(new Subject(ID, "a", 2, 8), UUID.randomUUID(), null), NOW);
    ToolboxFold.apply(view, Told.dtmaHealthy(new Subject(ID, "a", 2, 7), "0.1.0"), NOW);
    assertThat(view.healthStatus).isEqualTo("healthy");
  }

  @Test
  void aBootStageIsForTheTimelineAndMakesNothingStaleThatItOvertook() {
    assertThat(ToolboxFold.apply(view, stage(1, 9, BootStage.ADDRESS, "203.0.113.7"), NOW))
        .contains(new ToolboxFold.Stage("address", "203.0.113.7", null));
    assertThat(ToolboxFold.apply(view, ready(1, 5), NOW)).isPresent();
    assertThat(view.ipv4).isEqualTo("203.0.113.7");
    assertThat(ToolboxFold.apply(view, stage(1, 10, BootStage.AGENT_STARTING, null), NOW))
        .isPresent();
    assertThat(view.status).isEqualTo("awaiting_heartbeat");
    assertThat(view.lifecycleSequence).isEqualTo(5);
  }

  @Test
  void aBootStageThatWasOvertakenOrIsOfAnEarlierDropletIsNoNewsButItsFailureIs() {
    ToolboxFold.apply(view, stage(1, 2, BootStage.DOCKER, null), NOW);
    assertThat(ToolboxFold.apply(view, stage(1, 2, BootStage.DOCKER, null), NOW)).isEmpty();
    assertThat(ToolboxFold.apply(view, stage(1, 1, BootStage.CLOUD_INIT, null), NOW)).isEmpty();
    ToolboxFold.apply(view, changed(2, 9, ToolboxStatus.PROVISIONING), NOW);
    assertThat(ToolboxFold.apply(view, stage(1, 3, BootStage.DOCKER, "late"), NOW)).isEmpty();
    assertThat(ToolboxFold.apply(view, stage(1, 4, BootStage.FAILED, "why"), NOW))
        .contains(new ToolboxFold.Stage("failed", "why", null));
    assertThat(ToolboxFold.apply(view, stage(2, 5, BootStage.CLOUD_INIT, null), NOW)).isPresent();
  }

  /** It is told twice, by the boot and by what is made of it; the boot's word has the log. */
  @Test
  void aBootThatFailedForGoodStandsInTheTimelineOnce() {
    assertThat(ToolboxFold.apply(view, failed("boot_failed"), NOW)).isEmpty();
    assertThat(view.errorCode).isEqualTo("boot_failed");
    assertThat(ToolboxFold.apply(view, stage(1, 3, BootStage.FAILED, "why"), NOW)).isPresent();
    assertThat(ToolboxFold.apply(view, failed("no_address"), NOW)).isPresent();
  }

  private long failures = 20;

  private ToolboxFailed failed(String code) {
    return Told.toolboxFailed(
        new Subject(ID, "a", 1, failures++),
        ToolboxStatus.ERROR_PROVISIONING,
        code,
        "message",
        "action");
  }

  @Test
  void aBootStageOfTheNextDropletDoesNotTakeThePresentOnesAddress() {
    ToolboxFold.apply(view, ready(1, 5), NOW);
    assertThat(ToolboxFold.apply(view, stage(2, 1, BootStage.CLOUD_INIT, null), NOW)).isPresent();
    assertThat(view.generation).isEqualTo(1);
    assertThat(view.ipv4).isEqualTo("203.0.113.7");
  }

  @Test
  void becomingActiveIsTheBootsLastStageAndGettingWellAgainIsNone() {
    ToolboxFold.apply(view, ready(1, 1), NOW);
    view.agentVersion = "0.1.0";
    assertThat(ToolboxFold.apply(view, changed(1, 2, ToolboxStatus.ACTIVE), NOW))
        .contains(new ToolboxFold.Stage("healthy", "agent 0.1.0", null));
    assertThat(view.status).isEqualTo("active");
    ToolboxFold.apply(view, changed(1, 3, ToolboxStatus.UNRESPONSIVE), NOW);
    assertThat(ToolboxFold.apply(view, changed(1, 4, ToolboxStatus.ACTIVE), NOW)).isEmpty();
  }

  /** On the lifecycle's topic, numbered by it: of a provisioner of before, or replayed. */
  @Test
  void aBootStageInItsEarlierFormStillTellsTheStatusItStoodFor() {
    ToolboxFold.apply(view, changed(1, 1, ToolboxStatus.PROVISIONING), NOW);
    assertThat(ToolboxFold.applyEarlierForm(view, stage(1, 2, BootStage.DROPLET_ACTIVE, null), NOW))
        .isPresent();
    assertThat(view.status).isEqualTo("provisioning");
    ToolboxFold.applyEarlierForm(view, stage(1, 3, BootStage.ADDRESS, "203.0.113.7"), NOW);
    assertThat(view.status).isEqualTo("awaiting_heartbeat");
    assertThat(
            ToolboxFold.applyEarlierForm(view, stage(1, 5, BootStage.HEALTHY, "agent 0.1.0"), NOW))
        .contains(new ToolboxFold.Stage("healthy", "agent 0.1.0", null));
    assertThat(view.status).isEqualTo("active");
    ToolboxFold.applyEarlierForm(view, stage(1, 6, BootStage.ADDRESS, "203.0.113.8"), NOW);
    assertThat(view.status).isEqualTo("active");
    assertThat(ToolboxFold.applyEarlierForm(view, stage(1, 4, BootStage.DOCKER, "late"), NOW))
        .isEmpty();
    assertThat(ToolboxFold.apply(view, stage(1, 1, BootStage.AGENT_STARTING, null), NOW))
        .isPresent();
  }

  private static BootProgressed stage(
      long generation, long sequence, BootStage stage, String detail) {
    return Told.bootProgressed(new Subject(ID, "a", generation, sequence), stage, detail, null);
  }

  private static RemediationRequested remedy(long sequence) {
    return Told.remediationRequested(
        new Subject(ID, "a", 1, sequence),
        new Remedy("recreate_droplet"),
        new HealthReason("droplet_lost"));
  }

  private static DropletReady ready(long generation, long sequence) {
    return Told.dropletReady(
        new Subject(ID, "a", generation, sequence),
        ToolboxStatus.AWAITING_HEARTBEAT,
        7,
        "203.0.113.7",
        30000);
  }

  private static ToolboxStatusChanged changed(
      long generation, long sequence, ToolboxStatus status) {
    return Told.toolboxStatusChanged(new Subject(ID, "a", generation, sequence), status, null);
  }
}
