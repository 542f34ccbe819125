package io.agentopia.toolbox.health.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.RolloutRow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A rollout as operators see it.
 *
 * @param reason why it is in its state
 * @param isTarget its image is the fleet's: toolboxes that come later are asked too
 * @param fleet how many toolboxes could be asked when it was started
 * @param members those that are of interest first: failed, under way, then the rest; null in a list
 * @param membersLeftOff so many more there are; null in a list
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutDocument(
    UUID id,
    String version,
    List<String> images,
    String state,
    String resumes,
    String reason,
    Instant since,
    boolean isTarget,
    String startedBy,
    Instant startedAt,
    Settings settings,
    int fleet,
    Counts counts,
    List<Member> members,
    Long membersLeftOff,
    List<Deed> history) {

  public record Settings(
      int canaries, long bakeSeconds, long deadlineSeconds, int atOnce, int maxFailures) {}

  /**
   * @param waiting run from another image and were not asked
   */
  public record Counts(
      long waiting,
      long requested,
      long moved,
      long proved,
      long failed,
      long leftOut,
      long returning,
      long returned) {
    long members() {
      return requested + moved + proved + failed + leftOut + returning + returned;
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Member(
      UUID toolboxId,
      String accountId,
      long generation,
      boolean canary,
      String phase,
      Instant since,
      String reason,
      String fromImage,
      String fromVersion) {
    static Member of(MemberRow row) {
      return new Member(
          row.toolboxId,
          row.accountId,
          row.generation,
          row.canary,
          row.phase,
          row.since,
          row.reason,
          row.fromImage,
          row.fromVersion);
    }
  }

  /** What was done to it, by an operator or by the service itself. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Deed(String action, String by, String reason, Instant at) {}

  static RolloutDocument of(
      RolloutRow row, boolean isTarget, Counts counts, List<Member> members, List<Deed> history) {
    return new RolloutDocument(
        row.id,
        row.imageVersion,
        row.images(),
        row.state,
        row.resumes,
        row.reason,
        row.since,
        isTarget,
        row.startedBy,
        row.startedAt,
        new Settings(
            row.canaries, row.bakeSeconds, row.deadlineSeconds, row.atOnce, row.maxFailures),
        row.fleet,
        counts,
        members,
        members == null ? null : counts.members() - members.size(),
        history);
  }
}
