package io.agentopia.toolbox.health.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.health.verdict.Finding;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What is known of a toolbox's health.
 *
 * @param status {@code unknown, starting, healthy} or {@code degraded}
 * @param since of the status, UTC
 * @param lastHeartbeatAt when its agent was heard last, as far as the answering instance knows
 * @param heartbeatAgeSeconds at the time of the answer
 * @param figuresAt when the heartbeat was heard that uptime, metrics and findings are of: an older
 *     one where another instance hears the toolbox; whatever else an agent says is the newest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthDocument(
    UUID toolboxId,
    String accountId,
    long generation,
    String status,
    String reason,
    String message,
    Instant since,
    Instant lastHeartbeatAt,
    Long heartbeatAgeSeconds,
    Instant figuresAt,
    String agentVersion,
    String agentImage,
    AgentUpgrade upgrade,
    String bootId,
    Long uptimeSeconds,
    Boolean dockerReachable,
    String dockerVersion,
    String dockerStore,
    Metrics metrics,
    Long appliedManifestGeneration,
    List<Check> findings) {

  public record Check(String check, String outcome, String detail) {
    static Check of(Finding finding) {
      return new Check(
          finding.check(),
          finding.outcome().name().toLowerCase(java.util.Locale.ROOT),
          finding.detail());
    }
  }
}
