package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolRef;

/**
 * What the world is to hear of a change; each becomes one event on {@code tool.lifecycle}, once the
 * numbers are known that it carries.
 */
public sealed interface EventDraft {
  record DeployStarted() implements EventDraft {}

  record Deployed() implements EventDraft {}

  record DeployFailed(FailureReason trouble) implements EventDraft {}

  record StatusChanged(String detail) implements EventDraft {}

  record Removed() implements EventDraft {}

  /**
   * @param tool as it is after the change
   * @param manifest the generation of the manifest that holds then
   */
  default ToolLifecycle event(Subject subject, ToolInstance tool, long manifest) {
    var wanted = tool.wanted();
    var image = wanted.spec().image();
    var container = tool.container().orElse(null);
    var ref = new ToolRef(wanted.toolInstanceId(), tool.status(), manifest, wanted.name());
    return switch (this) {
      case DeployStarted d -> new ToolLifecycle.ToolDeployStarted(subject, ref, image);
      case Deployed d -> new ToolLifecycle.ToolDeployed(subject, ref, image, container);
      case DeployFailed(var reason) ->
          new ToolLifecycle.ToolDeployFailed(
              subject, ref, reason.code(), reason.message(), reason.action(), reason.logTail());
      case StatusChanged(var detail) ->
          new ToolLifecycle.ToolStatusChanged(subject, ref, container, detail);
      case Removed d -> new ToolLifecycle.ToolRemoved(subject, ref);
    };
  }
}
