package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import java.util.UUID;

/** What others are told of a decision; the fields that every event has are added at the end. */
public sealed interface Notice {

  ToolboxHealth event(Subject subject);

  record Ask(String remedy, String reason) implements Notice {
    @Override
    public ToolboxHealth event(Subject subject) {
      return new RemediationRequested(subject, remedy, reason);
    }
  }

  record Raise(UUID alertId, String summary, String action) implements Notice {
    private static final String SEVERITY = "critical";

    @Override
    public ToolboxHealth event(Subject subject) {
      return new AlertRaised(subject, alertId, SEVERITY, summary, action);
    }
  }

  record Resolve(UUID alertId, String reason) implements Notice {
    @Override
    public ToolboxHealth event(Subject subject) {
      return new AlertResolved(subject, alertId, reason);
    }
  }
}
