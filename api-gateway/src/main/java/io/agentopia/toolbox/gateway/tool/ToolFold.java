package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployFailed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolRemoved;
import io.agentopia.toolbox.events.ToolLifecycle.ToolStatusChanged;
import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;

/** What a deployer's event makes of a tool's view. */
final class ToolFold {
  private ToolFold() {}

  /**
   * @return whether it was news
   */
  static boolean apply(ToolView view, ToolLifecycle event, Instant at) {
    if (event.sequence() <= view.sequence) {
      return false;
    }
    view.sequence = event.sequence();
    view.status = event.status().wire();
    view.updatedAt = at;
    switch (event) {
      case ToolDeployStarted e -> trouble(view, null, null, null, null);
      case ToolDeployed e -> {
        view.containerId = e.containerId();
        trouble(view, null, null, null, null);
      }
      case ToolDeployFailed e -> trouble(view, e.code(), e.message(), e.action(), e.logTail());
      case ToolStatusChanged e -> statusChanged(view, e);
      case ToolRemoved e -> {
        view.containerId = null;
        trouble(view, null, null, null, null);
      }
    }
    return true;
  }

  private static void statusChanged(ToolView view, ToolStatusChanged event) {
    if (event.containerId() != null) {
      view.containerId = event.containerId();
    }
    if (event.status() == ToolStatus.FAILED) {
      var message = event.detail() == null ? "The tool does not run any more." : event.detail();
      trouble(
          view,
          "not_running",
          message,
          "Look at its log; restart it, or deploy another version.",
          null);
    } else {
      trouble(view, null, null, null, null);
    }
  }

  private static void trouble(
      ToolView view, String code, String message, String action, String logTail) {
    view.errorCode = code;
    view.errorMessage = message;
    view.errorAction = action;
    view.logTail = logTail;
  }
}
