package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletCreated;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.DtmaJoined;
import io.agentopia.toolbox.events.ToolboxLifecycle.ProvisioningDelayed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxAccepted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxFailed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.provisioner.toolbox.Change.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.Change.LifecycleEventOf;
import io.agentopia.toolbox.provisioner.toolbox.Change.StageOf;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Agent;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Trouble;
import java.time.Instant;
import java.util.Arrays;

/** What a toolbox has to tell, short of the fields its events start with. */
final class Events {
  private Events() {}

  static EventOf[] and(EventOf[] before, EventOf last) {
    var all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = last;
    return all;
  }

  static LifecycleEventOf accepted() {
    return (toolbox, subject, status) ->
        new ToolboxAccepted(subject, status, toolbox.name(), toolbox.region(), toolbox.size());
  }

  static LifecycleEventOf created(long dropletId) {
    return (toolbox, subject, status) ->
        new DropletCreated(subject, status, dropletId, toolbox.dropletName());
  }

  static LifecycleEventOf replaced(long oldDropletId, long newDropletId) {
    return (toolbox, subject, status) ->
        new DropletReplaced(subject, status, oldDropletId, newDropletId, "recreation");
  }

  static EventOf progressed(BootStage stage, String detail) {
    return progressed(stage, detail, null);
  }

  static EventOf progressed(BootStage stage, String detail, String logTail) {
    return new StageOf(stage, detail, logTail);
  }

  static LifecycleEventOf joined(Agent agent) {
    return (toolbox, subject, status) ->
        new DtmaJoined(subject, status, agent.version(), agent.port());
  }

  static LifecycleEventOf ready(long dropletId, String ipv4, Agent agent) {
    return (toolbox, subject, status) ->
        new DropletReady(subject, status, dropletId, ipv4, agent.port());
  }

  static LifecycleEventOf lost(long dropletId) {
    return (toolbox, subject, status) ->
        new DropletLost(subject, status, dropletId, "the cloud does not know the droplet any more");
  }

  static LifecycleEventOf statusChanged(String reason) {
    return (toolbox, subject, status) -> new ToolboxStatusChanged(subject, status, reason);
  }

  static LifecycleEventOf delayed(
      int attempt, Instant nextAttemptAt, Instant givesUpAt, String code, String message) {
    return (toolbox, subject, status) ->
        new ProvisioningDelayed(subject, status, attempt, nextAttemptAt, givesUpAt, code, message);
  }

  static LifecycleEventOf failed(Trouble trouble) {
    return (toolbox, subject, status) ->
        new ToolboxFailed(subject, status, trouble.code(), trouble.message(), trouble.action());
  }

  static LifecycleEventOf deleted() {
    return (toolbox, subject, status) -> new ToolboxDeleted(subject, status);
  }
}
