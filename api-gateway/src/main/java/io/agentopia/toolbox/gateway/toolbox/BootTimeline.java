package io.agentopia.toolbox.gateway.toolbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument.WaitsFor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far the toolbox's present droplet has come on its way to a healthy agent. */
@Schema(
    name = "BootTimeline",
    description = "The stages of the present droplet's boot, in the order they were reached.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BootTimeline(
    UUID toolboxId,
    long generation,
    String status,
    boolean failed,
    List<Stage> stages,
    @Schema(description = "what it waits for, where that takes longer than a moment")
        WaitsFor waitsFor,
    Instant updatedAt) {

  private static final Set<String> OF_A_BOOT =
      Arrays.stream(BootStage.values()).map(BootStage::wire).collect(Collectors.toSet());

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "BootTimelineStage")
  public record Stage(
      @Schema(
              description =
                  "accepted, droplet_created, droplet_active, address, cloud_init, docker, image_pull, agent_starting, joined, ready, healthy or failed")
          String stage,
      Instant at,
      @Schema(description = "milliseconds since the stage before it") long tookMs,
      String detail,
      @Schema(description = "with failed: the end of the droplet's boot log") String logTail) {}

  /** As they come: on two topics, of which either may be late, and several at one time. */
  private static final Comparator<TimelineEntry> AS_REACHED =
      Comparator.<TimelineEntry, Instant>comparing(entry -> entry.at)
          .thenComparing(entry -> BootStage.fromWire(entry.stage));

  /**
   * @param timeline the present droplet's
   */
  static BootTimeline of(ToolboxView view, List<TimelineEntry> timeline) {
    var stages = new ArrayList<Stage>();
    Instant last = null;
    for (var entry : reached(timeline)) {
      var took = last == null ? 0 : Math.max(0, Duration.between(last, entry.at).toMillis());
      stages.add(new Stage(entry.stage, entry.at, took, entry.detail, entry.logTail));
      last = entry.at;
    }
    var failed = !stages.isEmpty() && stages.getLast().stage().equals(BootStage.FAILED.wire());
    return new BootTimeline(
        view.id, view.generation, view.status, failed, stages, null, view.updatedAt);
  }

  BootTimeline waitingFor(WaitsFor what) {
    return new BootTimeline(toolboxId, generation, status, failed, stages, what, updatedAt);
  }

  private static List<TimelineEntry> reached(List<TimelineEntry> timeline) {
    return timeline.stream()
        .filter(entry -> OF_A_BOOT.contains(entry.stage))
        .sorted(AS_REACHED)
        .toList();
  }
}
