package io.agentopia.toolbox.events;

import java.util.UUID;

/**
 * What became of a tool instance, on {@link Topics#TOOL_LIFECYCLE}: written by the deployer only.
 * {@code manifestGeneration} is the newest generation of the toolbox's manifest, so that the
 * agents' edge can tell agents when to fetch it.
 */
public sealed interface ToolLifecycle extends Event {

  UUID toolInstanceId();

  ToolStatus status();

  long manifestGeneration();

  record ToolDeployStarted(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status,
      long manifestGeneration,
      String name,
      String image)
      implements ToolLifecycle {
    public ToolDeployStarted {
      Required.tool(toolboxId, accountId, generation, sequence, toolInstanceId, status);
      Required.text("name", name);
      Required.text("image", image);
    }
  }

  record ToolDeployed(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status,
      long manifestGeneration,
      String name,
      String image,
      String containerId)
      implements ToolLifecycle {
    public ToolDeployed {
      Required.tool(toolboxId, accountId, generation, sequence, toolInstanceId, status);
      Required.text("name", name);
    }
  }

  /**
   * @param logTail the container's last log lines, at most 4,000 characters, or null
   */
  record ToolDeployFailed(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status,
      long manifestGeneration,
      String name,
      String code,
      String message,
      String action,
      String logTail)
      implements ToolLifecycle {
    public ToolDeployFailed {
      Required.tool(toolboxId, accountId, generation, sequence, toolInstanceId, status);
      Required.text("code", code);
      Required.text("message", message);
    }
  }

  record ToolStatusChanged(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status,
      long manifestGeneration,
      String name,
      String containerId,
      String detail)
      implements ToolLifecycle {
    public ToolStatusChanged {
      Required.tool(toolboxId, accountId, generation, sequence, toolInstanceId, status);
    }
  }

  record ToolRemoved(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status,
      long manifestGeneration,
      String name)
      implements ToolLifecycle {
    public ToolRemoved {
      Required.tool(toolboxId, accountId, generation, sequence, toolInstanceId, status);
    }
  }
}
