package io.agentopia.toolbox.gateway.toolbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.gateway.view.TimelineEntry;
import io.agentopia.toolbox.gateway.view.ToolboxFold;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BootTimelineTest {
  private static final Instant T = Instant.parse("2026-11-24T00:00:00Z");

  @Test
  void eachStageTellsHowLongItTookAfterTheOneBefore() {
    var boot = of(entry("accepted", 0), entry("droplet_created", 1500), entry("docker", 9000));
    assertThat(boot.stages())
        .extracting(BootTimeline.Stage::tookMs)
        .containsExactly(0L, 1500L, 7500L);
    assertThat(boot.failed()).isFalse();
  }

  @Test
  void whatIsNoStageOfABootIsLeftOut() {
    var boot = of(entry("healthy", 0), entry("droplet_rebooted", 10), entry("deleted", 20));
    assertThat(boot.stages()).extracting(BootTimeline.Stage::stage).containsExactly("healthy");
  }

  @Test
  void stagesOfTwoTopicsStandInTheOrderOfTheirTimesSoNoneTookLessThanNothing() {
    var stages = of(entry("docker", 100), entry("address", 40), entry("joined", 100)).stages();
    assertThat(stages)
        .extracting(BootTimeline.Stage::stage)
        .containsExactly("address", "docker", "joined");
    assertThat(stages).extracting(BootTimeline.Stage::tookMs).containsExactly(0L, 60L, 0L);
  }

  @Test
  void itFailedWhenTheLastStageSaysSo() {
    assertThat(of(entry("docker", 0), entry("failed", 1)).failed()).isTrue();
    assertThat(of(entry("failed", 0), entry("joined", 1)).failed()).isFalse();
    assertThat(of().failed()).isFalse();
  }

  private static BootTimeline of(TimelineEntry... entries) {
    var view = new ToolboxView();
    view.id = UUID.randomUUID();
    view.generation = 2;
    view.status = "provisioning";
    return BootTimeline.of(view, List.of(entries), 200, List.of(entries));
  }

  private static TimelineEntry entry(String stage, long afterMs) {
    return TimelineEntry.of(
        UUID.randomUUID(), 2, new ToolboxFold.Stage(stage, null), T.plusMillis(afterMs));
  }
}
