package io.agentopia.toolbox.gateway.toolbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.view.TimelineEntry;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Slice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A toolbox as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Toolbox", description = "One account's isolated machine for tools.")
public record ToolboxDocument(
    UUID id,
    String accountId,
    String name,
    @Schema(
            description =
                "pending_provision, provisioning, awaiting_heartbeat, active, unresponsive, error_provisioning, pending_deprovision, deprovisioning, deprovisioned or error_deprovisioning")
        String status,
    String statusDetail,
    @Schema(description = "DigitalOcean region slug", examples = "nyc3") String region,
    @Schema(description = "DigitalOcean size slug", examples = "s-1vcpu-1gb") String size,
    @Schema(description = "Public address of the droplet, once it is known") String ipv4,
    Long dropletId,
    @Schema(description = "Number of the droplet; rises with each replacement") long generation,
    Error error,
    Health health,
    @Schema(description = "the management agent on the droplet, once it has joined") Agent agent,
    @Schema(description = "while the cloud is asked again: when, and until when")
        Delay provisioning,
    @Schema(description = "what it waits for, where that takes longer than a moment")
        WaitsFor waitsFor,
    @Schema(description = "events about it that wait to be handled once more")
        List<Troubles.Retry> retries,
    @Schema(description = "events about it that were given up; an operator can replay them")
        List<Troubles.GivenUp> deadLetters,
    List<Stage> timeline,
    @Schema(description = "where there are earlier entries: cursor of its list for those")
        String timelineCursor,
    Instant createdAt,
    Instant updatedAt) {

  @Schema(
      name = "ToolboxError",
      description = "Why it failed: a stable code, a sentence, and what to do next.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Error(String code, String message, String action, String logTail) {
    public static Error of(String code, String message, String action, String logTail) {
      return code == null ? null : new Error(code, message, action, logTail);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ToolboxAgent")
  public record Agent(
      String version,
      @Schema(description = "the image it runs from, by digest") String image,
      @Schema(description = "while it shall move to another image: that one's version")
          String wantedVersion,
      String wantedImage,
      @Schema(description = "an address it still calls, which is not the one at which agents shall")
          String callsFormerAddress) {
    static Agent of(ToolboxView view) {
      var moves = view.isAnotherImageWanted(view.agentImage);
      return view.agentVersion == null && view.agentImage == null && !moves
          ? null
          : new Agent(
              view.agentVersion,
              view.agentImage,
              moves ? view.wantedAgentVersion : null,
              moves ? view.wantedAgentImages().getFirst() : null,
              view.agentCalls);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Health(String status, String reason, String message, Instant since) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ProvisioningDelay")
  public record Delay(int attempt, Instant nextAt, Instant givesUpAt, String code, String message) {
    static Delay of(ToolboxView view) {
      return view.delayAttempt == null
          ? null
          : new Delay(
              view.delayAttempt,
              view.delayNextAt,
              view.delayGivesUpAt,
              view.delayCode,
              view.delayMessage);
    }
  }

  /** As the provisioner says it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "WaitsFor")
  public record WaitsFor(
      @Schema(description = "droplet, address, agent_join, agent_health or droplet_deletion")
          String what,
      Instant since,
      @Schema(description = "when it is given up; absent: never") Instant until,
      @Schema(description = "when it is tried again, where it is tried") Instant nextAt,
      @Schema(description = "what follows when it is given up") String then) {}

  ToolboxDocument waitingFor(WaitsFor what) {
    return new ToolboxDocument(
        id,
        accountId,
        name,
        status,
        statusDetail,
        region,
        size,
        ipv4,
        dropletId,
        generation,
        error,
        health,
        agent,
        provisioning,
        what,
        retries,
        deadLetters,
        timeline,
        timelineCursor,
        createdAt,
        updatedAt);
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Stage(String stage, Instant at, String detail, String logTail) {
    static Stage of(TimelineEntry entry) {
      return new Stage(entry.stage, entry.at, entry.detail, entry.logTail);
    }
  }

  /** As it is in a list. */
  public static ToolboxDocument of(ToolboxView view) {
    return of(view, null, Troubles.Found.NONE);
  }

  /**
   * @param timeline latest first; null in a list
   */
  public static ToolboxDocument of(
      ToolboxView view, Slice<TimelineEntry> timeline, Troubles.Found troubles) {
    return new ToolboxDocument(
        view.id,
        view.accountId,
        view.name,
        view.status,
        view.statusDetail,
        view.region,
        view.size,
        view.ipv4,
        view.dropletId,
        view.generation,
        Error.of(view.errorCode, view.errorMessage, view.errorAction, null),
        new Health(
            view.healthStatus == null ? "unknown" : view.healthStatus,
            view.healthReason,
            view.healthMessage,
            view.healthSince),
        Agent.of(view),
        Delay.of(view),
        null,
        orNull(troubles.retries()),
        orNull(troubles.deadLetters()),
        timeline == null ? null : timeline.map(Stage::of).items().reversed(),
        timeline == null ? null : timeline.nextCursor(),
        view.createdAt,
        view.updatedAt);
  }

  private static <T> List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
