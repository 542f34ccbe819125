package io.agentopia.toolbox.deployer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.deployer.tool.Deploying;
import io.agentopia.toolbox.deployer.tool.Desired;
import io.agentopia.toolbox.deployer.tool.DesiredTool;
import io.agentopia.toolbox.deployer.tool.Failed;
import io.agentopia.toolbox.deployer.tool.FailureReason;
import io.agentopia.toolbox.deployer.tool.ManifestMembership;
import io.agentopia.toolbox.deployer.tool.Pending;
import io.agentopia.toolbox.deployer.tool.Removed;
import io.agentopia.toolbox.deployer.tool.Removing;
import io.agentopia.toolbox.deployer.tool.Restarting;
import io.agentopia.toolbox.deployer.tool.Running;
import io.agentopia.toolbox.deployer.tool.Stopped;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;

/** A tool instance's state to and from its row; what is read back equals what was written. */
final class ToolRows {
  private static final ObjectMapper JSON = EventCodec.mapper();

  private ToolRows() {}

  static ToolInstance read(ToolRow row) {
    var wanted = wanted(row);
    return switch (ToolStatus.fromWire(row.status)) {
      case PENDING -> new Pending(wanted, row.deadlineAt);
      case DEPLOYING -> new Deploying(wanted, row.deadlineAt);
      case RUNNING -> new Running(wanted, row.containerId, row.deadlineAt);
      case STOPPED -> new Stopped(wanted, row.containerId);
      case RESTARTING -> new Restarting(wanted, row.containerId, row.askedIn, row.deadlineAt);
      case FAILED ->
          new Failed(
              wanted, trouble(row), ManifestMembership.fromWire(row.standing), row.containerId);
      case REMOVING -> new Removing(wanted, row.askedIn, row.deadlineAt);
      case REMOVED -> new Removed(wanted);
    };
  }

  static void write(ToolInstance tool, Toolbox toolbox, ToolRow row, Instant now) {
    var wanted = tool.wanted();
    row.toolboxId = toolbox.id();
    row.accountId = toolbox.accountId();
    row.name = Characters.storable(wanted.name());
    row.image = Characters.storable(wanted.spec().image());
    row.spec = json(wanted.spec());
    row.status = tool.status().wire();
    row.standing = tool.membership().wire();
    row.desired = wanted.desired().wire();
    row.revision = wanted.revision();
    row.restarts = wanted.restarts();
    row.wishSequence = wanted.asked();
    row.askedIn = askedIn(tool);
    row.containerId = Characters.storable(tool.container().orElse(null));
    row.deadlineAt = tool.deadline().orElse(null);
    row.updatedAt = now;
    write(tool instanceof Failed failed ? failed.trouble() : null, row);
  }

  private static void write(FailureReason trouble, ToolRow row) {
    row.errorCode = trouble == null ? null : Characters.storable(trouble.code());
    row.errorMessage = trouble == null ? null : Characters.storable(trouble.message());
    row.errorAction = trouble == null ? null : Characters.storable(trouble.action());
    row.logTail = trouble == null ? null : Characters.storable(trouble.logTail());
  }

  private static long askedIn(ToolInstance tool) {
    return switch (tool) {
      case Restarting it -> it.askedIn();
      case Removing it -> it.absentFrom();
      case Pending it -> 0;
      case Deploying it -> 0;
      case Running it -> 0;
      case Stopped it -> 0;
      case Failed it -> 0;
      case Removed it -> 0;
    };
  }

  private static DesiredTool wanted(ToolRow row) {
    return new DesiredTool(
        row.id,
        row.name,
        spec(row),
        Desired.fromWire(row.desired),
        row.revision,
        row.restarts,
        row.wishSequence);
  }

  private static FailureReason trouble(ToolRow row) {
    return new FailureReason(row.errorCode, row.errorMessage, row.errorAction, row.logTail);
  }

  private static ToolSpec spec(ToolRow row) {
    try {
      return JSON.readValue(row.spec, ToolSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the stored specification of tool instance " + row.id + " is not readable", e);
    }
  }

  private static String json(ToolSpec spec) {
    try {
      return JSON.writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a tool specification as JSON", e);
    }
  }
}
