package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a tool instance, on {@link Topics#TOOL_LIFECYCLE}: written by the deployer only.
 */
public sealed interface ToolLifecycle extends Event {

  ToolRef tool();

  default UUID toolInstanceId() {
    return tool().toolInstanceId();
  }

  default ToolStatus status() {
    return tool().status();
  }

  default long manifestGeneration() {
    return tool().manifestGeneration();
  }

  default @Nullable String name() {
    return tool().name();
  }

  record ToolDeployStarted(
      @JsonUnwrapped Subject subject, @JsonUnwrapped ToolRef tool, String image)
      implements ToolLifecycle {
    public ToolDeployStarted {
      Required.text("name", tool.name());
      Required.text("image", image);
    }
  }

  record ToolDeployed(
      @JsonUnwrapped Subject subject,
      @JsonUnwrapped ToolRef tool,
      @Nullable String image,
      @Nullable String containerId)
      implements ToolLifecycle {
    public ToolDeployed {
      Required.text("name", tool.name());
    }
  }

  /**
   * @param logTail the container's last log lines, at most 4,000 characters, or null
   */
  record ToolDeployFailed(
      @JsonUnwrapped Subject subject,
      @JsonUnwrapped ToolRef tool,
      String code,
      String message,
      @Nullable String action,
      @Nullable String logTail)
      implements ToolLifecycle {
    public ToolDeployFailed {
      Required.text("code", code);
      Required.text("message", message);
    }
  }

  record ToolStatusChanged(
      @JsonUnwrapped Subject subject,
      @JsonUnwrapped ToolRef tool,
      @Nullable String containerId,
      @Nullable String detail)
      implements ToolLifecycle {
    public ToolStatusChanged {}
  }

  record ToolRemoved(@JsonUnwrapped Subject subject, @JsonUnwrapped ToolRef tool)
      implements ToolLifecycle {
    public ToolRemoved {}
  }
}
