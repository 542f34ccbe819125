package io.agentopia.toolbox.agent.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.EngineFactsWatch;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.agentopia.toolbox.agent.metrics.Measurement;
import io.agentopia.toolbox.agent.reconcile.ToolStatus;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code GET /status}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
record StatusDocument(
    @JsonUnwrapped About about,
    @JsonUnwrapped Place place,
    Map<String, Object> systemMetrics,
    Map<String, Number> raw,
    List<Tool> toolInstances,
    Docker docker,
    LastHeartbeat lastHeartbeat,
    DiskWatch.Report diskGuard) {

  /**
   * @param status {@code healthy}, or {@code degraded}: Docker or the control plane does not answer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  record About(
      String status,
      String version,
      String service,
      long uptimeSeconds,
      String bootId,
      String agentImage,
      Upgrade upgrade) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record Place(
      UUID toolboxId,
      String accountId,
      long generation,
      long manifestGeneration,
      long appliedManifestGeneration) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  record Tool(
      String name,
      String status,
      String uptime,
      UUID toolInstanceId,
      Long uptimeSeconds,
      int restartCount,
      Integer exitCode,
      String errorCode) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  record Docker(boolean reachable, String version, long ageSeconds, String problem) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  record LastHeartbeat(Instant at, Instant lastOkAt, String outcome) {}

  static StatusDocument of(Agent agent, Identity identity, Instant now) {
    var facts = agent.engineFacts();
    var tools = agent.tools();
    var measured = agent.metrics();
    var heartbeat = agent.heartbeat().orElse(null);
    return new StatusDocument(
        new About(
            isHealthy(facts, heartbeat) ? "healthy" : "degraded",
            agent.host().version(),
            "DTMA",
            agent.uptime().toSeconds(),
            agent.host().bootId(),
            agent.image().map(PinnedImage::toString).orElse(null),
            agent.upgrade().orElse(null)),
        new Place(
            identity.toolboxId(),
            identity.accountId(),
            identity.generation(),
            agent.highestManifest(),
            tools.appliedGeneration()),
        shown(measured, facts),
        Measurement.named(measured, measured.keySet(), Measurement::snake),
        tools.tools().stream().map(t -> tool(t, now)).toList(),
        new Docker(
            facts.reachable(), facts.version(), agent.age(facts).toSeconds(), facts.problem()),
        heartbeat == null
            ? null
            : new LastHeartbeat(
                heartbeat.lastAttemptAt(), heartbeat.lastOkAt(), heartbeat.outcome()),
        agent.diskReport());
  }

  private static boolean isHealthy(EngineFactsWatch.Facts facts, Heartbeats.Condition heartbeat) {
    return facts.reachable() && heartbeat != null && "ok".equals(heartbeat.outcome());
  }

  /** For people. */
  private static Map<String, Object> shown(
      Map<Measurement, Number> measured, EngineFactsWatch.Facts facts) {
    var shown = new LinkedHashMap<String, Object>();
    measured.forEach(
        (what, value) -> {
          if (what.isPercent()) {
            shown.put(what.usage(), Math.round(value.doubleValue()) + "%");
          }
        });
    shown.put("docker_containers", facts.runningContainers());
    return shown;
  }

  private static Tool tool(ToolView tool, Instant now) {
    var runs = tool.status() == ToolStatus.RUNNING && tool.startedAt() != null;
    var uptime = runs ? Duration.between(tool.startedAt(), now) : null;
    return new Tool(
        tool.name(),
        tool.status().wire(),
        uptime == null ? "0s" : uptime(uptime),
        tool.toolInstanceId(),
        uptime == null ? null : uptime.toSeconds(),
        tool.restartCount(),
        tool.exitCode(),
        tool.errorCode() == null ? null : tool.errorCode().wire());
  }

  /** The two largest units: {@code 45s}, {@code 3m20s}, {@code 2h15m}, {@code 3d4h}. */
  static String uptime(Duration duration) {
    var d = duration.isNegative() ? Duration.ZERO : duration;
    if (d.toDays() > 0) {
      return d.toDays() + "d" + d.toHoursPart() + "h";
    }
    if (d.toHours() > 0) {
      return d.toHours() + "h" + d.toMinutesPart() + "m";
    }
    return d.toMinutes() > 0 ? d.toMinutes() + "m" + d.toSecondsPart() + "s" : d.toSeconds() + "s";
  }
}
