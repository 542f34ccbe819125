package io.agentopia.toolbox.deployer;

import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolRemovalRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolRestartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxAccepted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxRejected;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.Sample;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the other services, and one toolbox's agent, say. Sequences rise with each event made. */
public final class Samples {
  public final UUID toolbox = UUID.randomUUID();
  public final String account = "acct-" + toolbox.toString().substring(0, 8);
  private long sequence;
  private Instant observedAt = Instant.parse("2026-11-23T15:00:00Z");

  /** Of the newest event made here. */
  public long lastSequence() {
    return sequence;
  }

  public static ToolSpec spec(String image) {
    return new ToolSpec(
        image,
        List.of("sleep", "infinity"),
        Map.of("MODE", "demo"),
        List.of(new ToolSpec.Port(8080, null, null)),
        0,
        0,
        false);
  }

  public ToolboxAccepted accepted() {
    return Told.toolboxAccepted(
        new Subject(toolbox, account, 1, ++sequence),
        ToolboxStatus.PENDING_PROVISION,
        "box",
        "nyc3",
        "s-1vcpu-1gb");
  }

  public ToolboxRejected rejected(String requester) {
    return Told.toolboxRejected(
        new Subject(toolbox, requester, 1, ++sequence),
        ToolboxStatus.ERROR_PROVISIONING,
        "name_taken",
        "Toolbox was not accepted: name is taken.",
        "Choose another.",
        "name");
  }

  public DropletReady ready(long generation, String ipv4, int port) {
    return Told.dropletReady(
        new Subject(toolbox, account, generation, ++sequence),
        ToolboxStatus.AWAITING_HEARTBEAT,
        401 + generation,
        ipv4,
        port);
  }

  public DropletReplaced replaced(long generation) {
    return Told.dropletReplaced(
        new Subject(toolbox, account, generation, ++sequence),
        ToolboxStatus.PROVISIONING,
        400 + generation,
        401 + generation,
        "asked for");
  }

  public ToolboxStatusChanged status(long generation, ToolboxStatus status) {
    return Told.toolboxStatusChanged(
        new Subject(toolbox, account, generation, ++sequence), status, "asked for");
  }

  public ToolboxDeleted deleted(long generation) {
    return Told.toolboxDeleted(
        new Subject(toolbox, account, generation, ++sequence), ToolboxStatus.DEPROVISIONED);
  }

  public DtmaHealthy healthy(long generation) {
    return Told.dtmaHealthy(new Subject(toolbox, account, generation, ++sequence), "0.1.0");
  }

  public HealthDegraded degraded(long generation) {
    return Told.healthDegraded(
        new Subject(toolbox, account, generation, ++sequence),
        new HealthReason("heartbeat_missing"),
        "no heartbeat",
        Instant.EPOCH,
        List.of());
  }

  public HealthRecovered recovered(long generation) {
    return Told.healthRecovered(new Subject(toolbox, account, generation, ++sequence), 60);
  }

  public AlertResolved resolved(long generation) {
    return Told.alertResolved(
        new Subject(toolbox, account, generation, ++sequence), UUID.randomUUID(), null);
  }

  public ToolDeployRequested deploy(UUID tool, String name, ToolSpec spec) {
    return new ToolDeployRequested(new Subject(toolbox, account, 0, 0), tool, name, spec);
  }

  public ToolStopRequested stop(UUID tool) {
    return new ToolStopRequested(new Subject(toolbox, account, 0, 0), tool);
  }

  public ToolStartRequested start(UUID tool) {
    return new ToolStartRequested(new Subject(toolbox, account, 0, 0), tool);
  }

  public ToolRestartRequested restart(UUID tool) {
    return new ToolRestartRequested(new Subject(toolbox, account, 0, 0), tool);
  }

  public ToolRemovalRequested remove(UUID tool) {
    return new ToolRemovalRequested(new Subject(toolbox, account, 0, 0), tool);
  }

  public AgentReport report(long generation, long appliedManifest, ToolState... tools) {
    observedAt = observedAt.plusSeconds(1);
    return Sample.of(
        AgentReport.class,
        new Subject(toolbox, account, generation, 0),
        "appliedManifestGeneration",
        appliedManifest,
        "observedAt",
        observedAt,
        "tools",
        List.of(tools));
  }

  public static ToolState tool(
      UUID id, String status, String container, long revision, long restarts) {
    return new ToolState(
        id, "search", status, "image", container, null, null, 0, revision, restarts, List.of(),
        null, null, null);
  }

  public static ToolState failed(UUID id, long revision, String code, String message, String log) {
    return new ToolState(
        id, "search", "failed", "image", "c9", null, 1, 0, revision, 0, List.of(), code, message,
        log);
  }
}
