package io.agentopia.toolbox.gateway.toolbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxLifecycle.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxFailed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
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
    ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 1, 1, "0.1.0"), NOW);
    ToolboxFold.apply(
        view,
        new ToolboxFailed(ID, "a", 1, 2, ToolboxStatus.ERROR_PROVISIONING, "c", "m", "x"),
        NOW);
    ToolboxFold.apply(
        view, new DropletReplaced(ID, "a", 2, 3, ToolboxStatus.PROVISIONING, 7, 8, null), NOW);
    assertThat(view.generation).isEqualTo(2);
    assertThat(view.dropletId).isEqualTo(8);
    assertThat(view.ipv4).isNull();
    assertThat(view.healthStatus).isNull();
    assertThat(view.errorCode).isNull();
  }

  @Test
  void aVerdictOnAnotherGenerationIsNoNews() {
    ToolboxFold.apply(view, ready(2, 1), NOW);
    assertThat(ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 1, 1, "0.1.0"), NOW)).isFalse();
    assertThat(ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 2, 1, "0.1.0"), NOW)).isTrue();
    assertThat(ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 2, 1, "0.1.0"), NOW)).isFalse();
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
    return new AgentUpgradeRequested(
        ID, "a", generation, sequence, UUID.randomUUID(), "v2", List.of(image));
  }

  /** It may be tried again while verdicts pass by, and it passes while a verdict is tried again. */
  @Test
  void wantedImagesAndVerdictsDoNotMakeEachOtherStale() {
    var image = "docker.io/x/dtma@sha256:" + "b".repeat(64);
    ToolboxFold.apply(view, ready(1, 1), NOW);
    ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 1, 5, "0.1.0"), NOW);
    assertThat(ToolboxFold.apply(view, wanted(1, 4, image), NOW)).isTrue();
    assertThat(view.wantedAgentImages()).containsExactly(image);
    ToolboxFold.apply(view, wanted(1, 9, image.replace('b', 'c')), NOW);
    assertThat(ToolboxFold.apply(view, wanted(1, 8, image), NOW)).isFalse();
    assertThat(ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 1, 6, "0.1.0"), NOW)).isTrue();
  }

  @Test
  void aRemedyIsToldUntilTheToolboxGoesOn() {
    ToolboxFold.apply(view, changed(1, 1, ToolboxStatus.UNRESPONSIVE), NOW);
    ToolboxFold.apply(view, remedy(1), NOW);
    assertThat(view.statusDetail).isEqualTo("remediation: recreate_droplet");
    ToolboxFold.apply(view, changed(2, 2, ToolboxStatus.PROVISIONING), NOW);
    ToolboxFold.apply(
        view,
        new BootProgressed(ID, "a", 2, 3, ToolboxStatus.ACTIVE, BootStage.HEALTHY, null, null),
        NOW);
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
    ToolboxFold.apply(view, new AlertResolved(ID, "a", 2, 8, UUID.randomUUID(), null), NOW);
    ToolboxFold.apply(view, new DtmaHealthy(ID, "a", 2, 7, "0.1.0"), NOW);
    assertThat(view.healthStatus).isEqualTo("healthy");
  }

  private static RemediationRequested remedy(long sequence) {
    return new RemediationRequested(ID, "a", 1, sequence, "recreate_droplet", "droplet_lost");
  }

  private static DropletReady ready(long generation, long sequence) {
    return new DropletReady(
        ID, "a", generation, sequence, ToolboxStatus.AWAITING_HEARTBEAT, 7, "203.0.113.7", 30000);
  }

  private static ToolboxStatusChanged changed(
      long generation, long sequence, ToolboxStatus status) {
    return new ToolboxStatusChanged(ID, "a", generation, sequence, status, null);
  }
}
