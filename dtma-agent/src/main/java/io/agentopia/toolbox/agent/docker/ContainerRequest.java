package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ObservedContainer.Origin;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A container to be made for a tool. */
public record ContainerRequest(
    String name, String network, UUID toolboxId, WantedTool tool, Map<String, String> extraLabels) {

  /** The agent's own labels win over extra ones. */
  public Map<String, String> labels() {
    var labels = new LinkedHashMap<>(extraLabels);
    labels.put(Labels.TOOLBOX, toolboxId.toString());
    labels.putAll(Labels.of(Origin.of(tool)));
    return labels;
  }
}
