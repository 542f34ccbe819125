package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;

/** Wishes about tools, on {@link Topics#TOOL_REQUESTS}: written by the API gateway. */
public sealed interface ToolRequest extends Event {

  UUID toolInstanceId();

  /**
   * @param name unique within the toolbox, see {@link Rules#TOOL_NAME}
   */
  record ToolDeployRequested(
      @JsonUnwrapped Subject subject, UUID toolInstanceId, String name, ToolSpec spec)
      implements ToolRequest {
    public ToolDeployRequested {
      Required.value("toolInstanceId", toolInstanceId);
      Required.text("name", name);
      Required.value("spec", spec);
    }
  }

  record ToolRemovalRequested(@JsonUnwrapped Subject subject, UUID toolInstanceId)
      implements ToolRequest {
    public ToolRemovalRequested {
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolStartRequested(@JsonUnwrapped Subject subject, UUID toolInstanceId)
      implements ToolRequest {
    public ToolStartRequested {
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolStopRequested(@JsonUnwrapped Subject subject, UUID toolInstanceId)
      implements ToolRequest {
    public ToolStopRequested {
      Required.value("toolInstanceId", toolInstanceId);
    }
  }

  record ToolRestartRequested(@JsonUnwrapped Subject subject, UUID toolInstanceId)
      implements ToolRequest {
    public ToolRestartRequested {
      Required.value("toolInstanceId", toolInstanceId);
    }
  }
}
