package io.agentopia.toolbox.gateway.toolbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument.WaitsFor;
import io.agentopia.toolbox.gateway.view.TimelineEntry;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Slice;
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
    description =
        "The stages of the present droplet's boot, in the order they were reached: the latest, or those before a cursor.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BootTimeline(
    UUID toolboxId,
    long generation,
    String status,
    boolean failed,
    List<Stage> stages,
    @Schema(description = "what it waits for, where that takes longer than a moment")
        WaitsFor waitsFor,
    @Schema(description = "where there are earlier stages") String nextCursor,
    Instant updatedAt) {

  static final Set<String> OF_A_BOOT =
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
   * @param found of the present droplet, latest first, with one more than {@code limit} where there
   *     are earlier ones
   * @param newest so many that the latest of all is among them
   */
  static BootTimeline of(
      ToolboxView view, List<TimelineEntry> found, int limit, List<TimelineEntry> newest) {
    var page = Slice.of(found, limit, TimelineEntry::cursor);
    var stages = new ArrayList<Stage>();
    var last = found.size() > limit ? found.get(limit).at : null;
    for (var entry : reached(page.items())) {
      var took = last == null ? 0 : Math.max(0, Duration.between(last, entry.at).toMillis());
      stages.add(new Stage(entry.stage, entry.at, took, entry.detail, entry.logTail));
      last = entry.at;
    }
    return new BootTimeline(
        view.id,
        view.generation,
        view.status,
        isFailed(reached(newest)),
        stages,
        null,
        page.nextCursor(),
        view.updatedAt);
  }

  private static boolean isFailed(List<TimelineEntry> reached) {
    return !reached.isEmpty() && reached.getLast().stage.equals(BootStage.FAILED.wire());
  }

  BootTimeline waitingFor(WaitsFor what) {
    return new BootTimeline(
        toolboxId, generation, status, failed, stages, what, nextCursor, updatedAt);
  }

  private static List<TimelineEntry> reached(List<TimelineEntry> timeline) {
    return timeline.stream()
        .filter(entry -> OF_A_BOOT.contains(entry.stage))
        .sorted(AS_REACHED)
        .toList();
  }
}
