package io.agentopia.toolbox.agent.tools;

import java.util.List;
import java.util.UUID;

/** The tools wanted on one toolbox; {@code generation} rises with each change. */
public record Manifest(UUID toolboxId, long generation, List<WantedTool> tools) {
  public Manifest {
    tools = tools == null ? List.of() : tools.stream().filter(WantedTool::hasId).toList();
  }

  public static Manifest empty(UUID toolboxId, long generation) {
    return new Manifest(toolboxId, generation, List.of());
  }
}
