package io.agentopia.toolbox.events;

import java.util.UUID;

/** Wishes about tools, on {@link Topics#TOOL_REQUESTS}: written by the API gateway. */
public sealed interface ToolRequest extends Event {

  UUID toolInstanceId();

  /**
   * @param name unique within the toolbox, see {@link Rules#TOOL_NAME}
   */
  record ToolDeployRequested(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      String name,
      ToolSpec spec)
      implements ToolRequest {
    public ToolDeployRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("toolInstanceId", toolInstanceId);
      Required.text("name", name);
      Required.value("spec", spec);
    }
  }

  record ToolRemovalRequested(
      UUID toolboxId, String accountId, long generation, long sequence, UUID toolInstanceId)
      implements ToolRequest {
    public ToolRemovalRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolStartRequested(
      UUID toolboxId, String accountId, long generation, long sequence, UUID toolInstanceId)
      implements ToolRequest {
    public ToolStartRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolStopRequested(
      UUID toolboxId, String accountId, long generation, long sequence, UUID toolInstanceId)
      implements ToolRequest {
    public ToolStopRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolRestartRequested(
      UUID toolboxId, String accountId, long generation, long sequence, UUID toolInstanceId)
      implements ToolRequest {
    public ToolRestartRequested {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("toolInstanceId", toolInstanceId);
    }
  }
}
