package io.agentopia.toolbox.agent.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentopia.toolbox.agent.Agent;
import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.EngineFactsWatch;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.metrics.SystemMetrics;
import io.agentopia.toolbox.agent.reconcile.Outlook;
import io.agentopia.toolbox.agent.reconcile.ToolStatus;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * {@code GET /status}.
 *
 * @param status {@code healthy}, or {@code degraded}: Docker or the control plane does not answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatusDocument(
    String status,
    String version,
    String service,
    @JsonProperty("system_metrics") Shown systemMetrics,
    @JsonProperty("tool_instances") List<Tool> toolInstances,
    @JsonProperty("toolbox_id") UUID toolboxId,
    @JsonProperty("account_id") String accountId,
    long generation,
    @JsonProperty("manifest_generation") long manifestGeneration,
    @JsonProperty("applied_manifest_generation") long appliedManifestGeneration,
    @JsonProperty("uptime_seconds") long uptimeSeconds,
    @JsonProperty("boot_id") String bootId,
    Raw raw,
    Docker docker,
    @JsonProperty("last_heartbeat") LastHeartbeat lastHeartbeat,
    @JsonProperty("disk_guard") DiskGuard diskGuard,
    @JsonProperty("agent_image") String agentImage,
    Upgrade upgrade) {

  record Shown(
      @JsonProperty("cpu_usage") String cpuUsage,
      @JsonProperty("memory_usage") String memoryUsage,
      @JsonProperty("disk_usage") String diskUsage,
      @JsonProperty("docker_containers") int dockerContainers) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Tool(
      String name,
      String status,
      String uptime,
      @JsonProperty("tool_instance_id") UUID toolInstanceId,
      @JsonProperty("uptime_seconds") Long uptimeSeconds,
      @JsonProperty("restart_count") int restartCount,
      @JsonProperty("exit_code") Integer exitCode,
      @JsonProperty("error_code") String errorCode) {}

  record Raw(
      @JsonProperty("cpu_percent") double cpuPercent,
      @JsonProperty("memory_percent") double memoryPercent,
      @JsonProperty("disk_percent") double diskPercent,
      @JsonProperty("memory_total_bytes") long memoryTotalBytes,
      @JsonProperty("memory_available_bytes") long memoryAvailableBytes,
      @JsonProperty("disk_total_bytes") long diskTotalBytes,
      @JsonProperty("disk_usable_bytes") long diskUsableBytes) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Docker(
      boolean reachable,
      String version,
      @JsonProperty("age_seconds") long ageSeconds,
      String problem) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LastHeartbeat(Instant at, @JsonProperty("last_ok_at") Instant lastOkAt, String outcome) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DiskGuard(
      @JsonProperty("last_run_at") Instant lastRunAt,
      @JsonProperty("removed_images") int removedImages,
      @JsonProperty("freed_bytes") long freedBytes,
      @JsonProperty("removed_images_total") long removedImagesTotal,
      @JsonProperty("freed_bytes_total") long freedBytesTotal,
      String problem) {

    static DiskGuard of(DiskWatch.Report report) {
      return new DiskGuard(
          report.lastRunAt(),
          report.removedImages(),
          report.freedBytes(),
          report.removedImagesTotal(),
          report.freedBytesTotal(),
          report.problem());
    }
  }

  static StatusDocument of(Agent agent, Identity identity, Instant now) {
    var sample = agent.metrics();
    var facts = agent.engineFacts();
    var outlook = agent.outlook();
    var heartbeat = agent.heartbeat().orElse(null);
    return new StatusDocument(
        isHealthy(facts, heartbeat) ? "healthy" : "degraded",
        agent.host().version(),
        "DTMA",
        shown(sample, facts),
        tools(outlook, now),
        identity.toolboxId(),
        identity.accountId(),
        identity.generation(),
        agent.highestManifest(),
        outlook.appliedGeneration(),
        agent.uptime().toSeconds(),
        agent.host().bootId(),
        raw(sample),
        new Docker(
            facts.reachable(), facts.version(), agent.age(facts).toSeconds(), facts.problem()),
        heartbeat == null
            ? null
            : new LastHeartbeat(
                heartbeat.lastAttemptAt(), heartbeat.lastOkAt(), heartbeat.outcome()),
        DiskGuard.of(agent.diskReport()),
        agent.image().orElse(null),
        agent.upgrade().orElse(null));
  }

  private static boolean isHealthy(EngineFactsWatch.Facts facts, Heartbeats.Condition heartbeat) {
    return facts.reachable() && heartbeat != null && "ok".equals(heartbeat.outcome());
  }

  private static Shown shown(SystemMetrics.Sample sample, EngineFactsWatch.Facts facts) {
    return new Shown(
        whole(sample.cpuPercent()),
        whole(sample.memoryPercent()),
        whole(sample.diskPercent()),
        facts.runningContainers());
  }

  private static Raw raw(SystemMetrics.Sample sample) {
    return new Raw(
        sample.cpuPercent(),
        sample.memoryPercent(),
        sample.diskPercent(),
        sample.memoryTotalBytes(),
        sample.memoryAvailableBytes(),
        sample.diskTotalBytes(),
        sample.diskUsableBytes());
  }

  private static List<Tool> tools(Outlook outlook, Instant now) {
    return outlook.tools().stream().map(t -> tool(t, now)).toList();
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

  private static String whole(double percent) {
    return Math.round(percent) + "%";
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
