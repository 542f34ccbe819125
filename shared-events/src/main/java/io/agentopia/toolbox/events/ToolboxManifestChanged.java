package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * All that shall run on a toolbox from now on, on {@link Topics#TOOLBOX_MANIFESTS}: written by the
 * deployer only. The state itself and not a change of it: whoever has the newest needs no other.
 *
 * @param subject its sequence is the manifest's generation, which rises with each change and never
 *     falls, not even with a new droplet
 */
public record ToolboxManifestChanged(@JsonUnwrapped Subject subject, List<ManifestTool> tools)
    implements Event {
  public ToolboxManifestChanged {
    tools = Required.elements("tools", tools);
  }

  public long manifestGeneration() {
    return sequence();
  }

  /** Without the tools, whose environment nobody should find in a log. */
  @Override
  public String toString() {
    return "ToolboxManifestChanged[" + subject + ", " + tools.size() + " tools]";
  }
}
