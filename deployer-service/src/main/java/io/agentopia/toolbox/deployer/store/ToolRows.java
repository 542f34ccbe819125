package io.agentopia.toolbox.deployer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.deployer.tool.Deploying;
import io.agentopia.toolbox.deployer.tool.Desired;
import io.agentopia.toolbox.deployer.tool.Failed;
import io.agentopia.toolbox.deployer.tool.Pending;
import io.agentopia.toolbox.deployer.tool.Removed;
import io.agentopia.toolbox.deployer.tool.Removing;
import io.agentopia.toolbox.deployer.tool.Restarting;
import io.agentopia.toolbox.deployer.tool.Running;
import io.agentopia.toolbox.deployer.tool.Standing;
import io.agentopia.toolbox.deployer.tool.Stopped;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.tool.Trouble;
import io.agentopia.toolbox.deployer.tool.Wish;
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
    var wish = wish(row);
    return switch (ToolStatus.fromWire(row.status)) {
      case PENDING -> new Pending(wish, row.deadlineAt);
      case DEPLOYING -> new Deploying(wish, row.deadlineAt);
      case RUNNING -> new Running(wish, row.containerId, row.deadlineAt);
      case STOPPED -> new Stopped(wish, row.containerId);
      case RESTARTING -> new Restarting(wish, row.containerId, row.askedIn, row.deadlineAt);
      case FAILED ->
          new Failed(wish, trouble(row), Standing.fromWire(row.standing), row.containerId);
      case REMOVING -> new Removing(wish, row.askedIn, row.deadlineAt);
      case REMOVED -> new Removed(wish);
    };
  }

  static void write(ToolInstance tool, Toolbox toolbox, ToolRow row, Instant now) {
    var wish = tool.wish();
    row.toolboxId = toolbox.id();
    row.accountId = toolbox.accountId();
    row.name = Characters.storable(wish.name());
    row.image = Characters.storable(wish.spec().image());
    row.spec = json(wish.spec());
    row.status = tool.status().wire();
    row.standing = tool.standing().wire();
    row.desired = wish.desired().wire();
    row.revision = wish.revision();
    row.restarts = wish.restarts();
    row.wishSequence = wish.asked();
    row.askedIn = askedIn(tool);
    row.containerId = Characters.storable(tool.container().orElse(null));
    row.deadlineAt = tool.deadline().orElse(null);
    row.updatedAt = now;
    write(tool instanceof Failed failed ? failed.trouble() : null, row);
  }

  private static void write(Trouble trouble, ToolRow row) {
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

  private static Wish wish(ToolRow row) {
    return new Wish(
        row.id,
        row.name,
        spec(row),
        Desired.fromWire(row.desired),
        row.revision,
        row.restarts,
        row.wishSequence);
  }

  private static Trouble trouble(ToolRow row) {
    return new Trouble(row.errorCode, row.errorMessage, row.errorAction, row.logTail);
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
