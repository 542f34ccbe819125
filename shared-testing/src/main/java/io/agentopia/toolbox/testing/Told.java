package io.agentopia.toolbox.testing;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.Finding;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletCreated;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletRebooted;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.DtmaJoined;
import io.agentopia.toolbox.events.ToolboxLifecycle.ProvisioningDelayed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxAccepted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxFailed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxRejected;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What tests let services tell, again and again: each {@link Sample} in one line. What a test is
 * not about stays as in the sample document.
 */
public final class Told {
  private Told() {}

  public static ToolboxAccepted toolboxAccepted(
      Subject subject, ToolboxStatus status, String name, String region, String size) {
    return Sample.of(
        ToolboxAccepted.class,
        subject,
        "status",
        status,
        "name",
        name,
        "region",
        region,
        "size",
        size);
  }

  public static ToolboxRejected toolboxRejected(
      Subject subject,
      ToolboxStatus status,
      String code,
      String message,
      String action,
      String field) {
    return Sample.of(
        ToolboxRejected.class,
        subject,
        "status",
        status,
        "code",
        code,
        "message",
        message,
        "action",
        action,
        "field",
        field);
  }

  public static DropletCreated dropletCreated(
      Subject subject, ToolboxStatus status, long dropletId, String dropletName) {
    return Sample.of(
        DropletCreated.class,
        subject,
        "status",
        status,
        "dropletId",
        dropletId,
        "dropletName",
        dropletName);
  }

  public static DtmaJoined dtmaJoined(
      Subject subject, ToolboxStatus status, String agentVersion, int agentPort) {
    return Sample.of(
        DtmaJoined.class,
        subject,
        "status",
        status,
        "agentVersion",
        agentVersion,
        "agentPort",
        agentPort);
  }

  public static DropletReady dropletReady(
      Subject subject, ToolboxStatus status, long dropletId, String ipv4, int agentPort) {
    return Sample.of(
        DropletReady.class,
        subject,
        "status",
        status,
        "dropletId",
        dropletId,
        "ipv4",
        ipv4,
        "agentPort",
        agentPort);
  }

  public static DropletLost dropletLost(
      Subject subject, ToolboxStatus status, long dropletId, String reason) {
    return Sample.of(
        DropletLost.class, subject, "status", status, "dropletId", dropletId, "reason", reason);
  }

  public static DropletRebooted dropletRebooted(
      Subject subject, ToolboxStatus status, long dropletId, String reason) {
    return Sample.of(
        DropletRebooted.class, subject, "status", status, "dropletId", dropletId, "reason", reason);
  }

  public static DropletReplaced dropletReplaced(
      Subject subject, ToolboxStatus status, long oldDropletId, long newDropletId, String reason) {
    return Sample.of(
        DropletReplaced.class,
        subject,
        "status",
        status,
        "oldDropletId",
        oldDropletId,
        "newDropletId",
        newDropletId,
        "reason",
        reason);
  }

  public static ToolboxStatusChanged toolboxStatusChanged(
      Subject subject, ToolboxStatus status, String reason) {
    return Sample.of(ToolboxStatusChanged.class, subject, "status", status, "reason", reason);
  }

  public static ProvisioningDelayed provisioningDelayed(
      Subject subject,
      ToolboxStatus status,
      int attempt,
      Instant nextAttemptAt,
      Instant givesUpAt,
      String code,
      String message) {
    return Sample.of(
        ProvisioningDelayed.class,
        subject,
        "status",
        status,
        "attempt",
        attempt,
        "nextAttemptAt",
        nextAttemptAt,
        "givesUpAt",
        givesUpAt,
        "code",
        code,
        "message",
        message);
  }

  public static ToolboxFailed toolboxFailed(
      Subject subject, ToolboxStatus status, String code, String message, String action) {
    return Sample.of(
        ToolboxFailed.class,
        subject,
        "status",
        status,
        "code",
        code,
        "message",
        message,
        "action",
        action);
  }

  public static ToolboxDeleted toolboxDeleted(Subject subject, ToolboxStatus status) {
    return Sample.of(ToolboxDeleted.class, subject, "status", status);
  }

  public static ToolboxRequested toolboxRequested(
      Subject subject, String name, String region, String size) {
    return Sample.of(ToolboxRequested.class, subject, "name", name, "region", region, "size", size);
  }

  public static ToolboxDeletionRequested toolboxDeletionRequested(
      Subject subject, boolean force, String reason) {
    return Sample.of(ToolboxDeletionRequested.class, subject, "force", force, "reason", reason);
  }

  public static ToolboxRecreationRequested toolboxRecreationRequested(
      Subject subject, String reason) {
    return Sample.of(ToolboxRecreationRequested.class, subject, "reason", reason);
  }

  public static BootProgressed bootProgressed(
      Subject subject, BootStage stage, String detail, String logTail) {
    return Sample.of(
        BootProgressed.class, subject, "stage", stage, "detail", detail, "logTail", logTail);
  }

  public static DtmaHealthy dtmaHealthy(Subject subject, String agentVersion) {
    return Sample.of(DtmaHealthy.class, subject, "agentVersion", agentVersion);
  }

  public static HealthDegraded healthDegraded(
      Subject subject, HealthReason reason, String message, Instant since, List<Finding> findings) {
    return Sample.of(
        HealthDegraded.class,
        subject,
        "reason",
        reason,
        "message",
        message,
        "since",
        since,
        "findings",
        findings);
  }

  public static HealthRecovered healthRecovered(Subject subject, long degradedSeconds) {
    return Sample.of(HealthRecovered.class, subject, "degradedSeconds", degradedSeconds);
  }

  public static RemediationRequested remediationRequested(
      Subject subject, Remedy remedy, HealthReason reason) {
    return Sample.of(RemediationRequested.class, subject, "remedy", remedy, "reason", reason);
  }

  public static AlertRaised alertRaised(
      Subject subject, UUID alertId, Severity severity, String summary, String action) {
    return Sample.of(
        AlertRaised.class,
        subject,
        "alertId",
        alertId,
        "severity",
        severity,
        "summary",
        summary,
        "action",
        action);
  }

  public static AgentUpgradeRequested agentUpgradeRequested(
      Subject subject, UUID rolloutId, String version, List<String> images) {
    return Sample.of(
        AgentUpgradeRequested.class,
        subject,
        "rolloutId",
        rolloutId,
        "version",
        version,
        "images",
        images);
  }

  public static AlertResolved alertResolved(Subject subject, UUID alertId, String reason) {
    return Sample.of(AlertResolved.class, subject, "alertId", alertId, "reason", reason);
  }
}
