package io.agentopia.toolbox.gateway.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What was, or in a dry run would be, done.
 *
 * @param matched letters that were meant
 * @param replayed letters that are published now, at the rate asked for; 0 in a dry run
 * @param letters the first 200 of them, each with what its replay does
 */
@Schema(name = "ReplayReport")
public record ReplayReport(int matched, int replayed, boolean dryRun, List<Line> letters) {

  /**
   * @param effect would_act, nothing_to_do, would_fail, unreadable, unknown (its service did not
   *     say) or scheduled
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ReplayReportLine")
  public record Line(UUID id, String effect, String summary) {}
}
