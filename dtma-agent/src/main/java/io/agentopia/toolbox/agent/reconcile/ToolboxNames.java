package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.UUID;

/**
 * Names of what the agent makes in Docker. The last eight characters of the toolbox id, not the
 * first: ids are made of the time first, so toolboxes of the same minute share the beginning.
 */
public record ToolboxNames(UUID toolboxId) {

  public String network() {
    return "toolbox-" + shortId();
  }

  public String container(WantedTool tool) {
    return shortId() + "-" + tool.name();
  }

  /** A replacement bears this name until it has taken over. */
  public String replacement(WantedTool tool) {
    return container(tool) + "-next";
  }

  private String shortId() {
    var id = toolboxId.toString();
    return id.substring(id.length() - 8);
  }
}
