package io.agentopia.toolbox.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Verdicts about a toolbox's health, on {@link Topics#TOOLBOX_HEALTH}: written by the health
 * service, only when they change.
 */
public sealed interface ToolboxHealth extends Event {

  /** One health check's result, as far as it took part in a verdict. */
  record Finding(String check, String outcome, String detail) {
    public Finding {
      Required.text("check", check);
      Required.text("outcome", outcome);
    }
  }

  /** The agent of this generation was found healthy for the first time. */
  record DtmaHealthy(
      UUID toolboxId, String accountId, long generation, long sequence, String agentVersion)
      implements ToolboxHealth {
    public DtmaHealthy {
      Required.base(toolboxId, accountId, generation, sequence);
    }
  }

  /**
   * @param reason stable code of the finding that decided, for example {@code heartbeat_missing}
   * @param since when the trouble began, UTC
   */
  record HealthDegraded(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      String reason,
      String message,
      Instant since,
      List<Finding> findings)
      implements ToolboxHealth {
    public HealthDegraded {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.text("reason", reason);
      Required.value("since", since);
      findings = findings == null ? List.of() : List.copyOf(findings);
    }
  }

  /**
   * @param degradedSeconds how long the trouble lasted, seconds
   */
  record HealthRecovered(
      UUID toolboxId, String accountId, long generation, long sequence, long degradedSeconds)
      implements ToolboxHealth {
    public HealthRecovered {
      Required.base(toolboxId, accountId, generation, sequence);
    }
  }

  /**
   * @param remedy one of {@code restart_tool, restart_agent, reboot_droplet, recreate_droplet}
   */
  record RemediationRequested(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      String remedy,
      String reason)
      implements ToolboxHealth {
    public static final String RECREATE_DROPLET = "recreate_droplet";

    public RemediationRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.text("remedy", remedy);
    }
  }

  /**
   * @param severity {@code warning} or {@code critical}
   */
  record AlertRaised(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID alertId,
      String severity,
      String summary,
      String action)
      implements ToolboxHealth {
    public AlertRaised {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("alertId", alertId);
      Required.text("severity", severity);
      Required.text("summary", summary);
    }
  }

  /**
   * The agent shall run from another image of itself: the same image in several registries, in the
   * order in which they are tried.
   *
   * @param rolloutId the rollout that wants it
   * @param version what people call it
   * @param images references by digest
   */
  record AgentUpgradeRequested(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID rolloutId,
      String version,
      List<String> images)
      implements ToolboxHealth {
    public AgentUpgradeRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("rolloutId", rolloutId);
      Required.text("version", version);
      images = images == null ? List.of() : List.copyOf(images);
    }
  }

  record AlertResolved(
      UUID toolboxId, String accountId, long generation, long sequence, UUID alertId, String reason)
      implements ToolboxHealth {
    public AlertResolved {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("alertId", alertId);
    }
  }
}
