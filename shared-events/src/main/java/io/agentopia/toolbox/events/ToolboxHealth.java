package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts about a toolbox's health, on {@link Topics#TOOLBOX_HEALTH}: written by the health
 * service, only when they change.
 */
public sealed interface ToolboxHealth extends Event {

  /** One health check's result, as far as it took part in a verdict. */
  record Finding(String check, String outcome, @Nullable String detail) {
    public Finding {
      Required.text("check", check);
      Required.text("outcome", outcome);
    }
  }

  /** The agent of this generation was found healthy for the first time. */
  record DtmaHealthy(@JsonUnwrapped Subject subject, @Nullable String agentVersion)
      implements ToolboxHealth {
    public DtmaHealthy {}
  }

  /**
   * @param since when the trouble began, UTC
   */
  record HealthDegraded(
      @JsonUnwrapped Subject subject,
      HealthReason reason,
      @Nullable String message,
      Instant since,
      List<Finding> findings)
      implements ToolboxHealth {
    public HealthDegraded {
      Required.value("reason", reason);
      Required.value("since", since);
      findings = findings == null ? List.of() : List.copyOf(findings);
    }
  }

  /**
   * @param degradedSeconds how long the trouble lasted, seconds
   */
  record HealthRecovered(@JsonUnwrapped Subject subject, long degradedSeconds)
      implements ToolboxHealth {
    public HealthRecovered {}
  }

  record RemediationRequested(
      @JsonUnwrapped Subject subject, Remedy remedy, @Nullable HealthReason reason)
      implements ToolboxHealth {
    public RemediationRequested {
      Required.value("remedy", remedy);
    }
  }

  record AlertRaised(
      @JsonUnwrapped Subject subject,
      UUID alertId,
      Severity severity,
      String summary,
      @Nullable String action)
      implements ToolboxHealth {
    public AlertRaised {
      Required.value("alertId", alertId);
      Required.value("severity", severity);
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
      @JsonUnwrapped Subject subject, UUID rolloutId, String version, List<String> images)
      implements ToolboxHealth {
    public AgentUpgradeRequested {
      Required.value("rolloutId", rolloutId);
      Required.text("version", version);
      images = images == null ? List.of() : List.copyOf(images);
    }
  }

  record AlertResolved(@JsonUnwrapped Subject subject, UUID alertId, @Nullable String reason)
      implements ToolboxHealth {
    public AlertResolved {
      Required.value("alertId", alertId);
    }
  }
}
