package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import java.util.UUID;

/** What others are told of a decision; the fields that every event has are added at the end. */
public sealed interface EventDraft {

  ToolboxHealth event(Subject subject);

  record Ask(Remedy remedy, HealthReason reason) implements EventDraft {
    @Override
    public ToolboxHealth event(Subject subject) {
      return new RemediationRequested(subject, remedy, reason);
    }
  }

  record Raise(UUID alertId, String summary, String action) implements EventDraft {
    @Override
    public ToolboxHealth event(Subject subject) {
      return new AlertRaised(subject, alertId, Severity.CRITICAL, summary, action);
    }
  }

  record Resolve(UUID alertId, String reason) implements EventDraft {
    @Override
    public ToolboxHealth event(Subject subject) {
      return new AlertResolved(subject, alertId, reason);
    }
  }
}
