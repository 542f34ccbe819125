package io.agentopia.toolbox.deployer.manifest;

import io.agentopia.toolbox.deployer.tool.Standing;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Workshop;
import io.agentopia.toolbox.events.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The desired tools of one toolbox, as docs/agent-protocol.md describes it. It may hold secrets:
 * never log it.
 */
public record Manifest(UUID toolboxId, long generation, List<Tool> tools) {

  public record Tool(
      UUID toolInstanceId,
      String name,
      String image,
      List<String> command,
      Map<String, String> environment,
      List<ToolSpec.Port> ports,
      int memoryMb,
      double cpus,
      boolean readOnlyRoot,
      String desired,
      long revision,
      long restarts) {

    @Override
    public String toString() {
      return "Tool[" + toolInstanceId + ", " + name + "]";
    }
  }

  public static Manifest of(Workshop workshop) {
    return new Manifest(
        workshop.toolbox().id(),
        workshop.toolbox().manifestGeneration(),
        workshop.tools().stream()
            .filter(t -> t.standing() == Standing.LISTED)
            .map(Manifest::tool)
            .toList());
  }

  /** For a toolbox about which nothing is known: nothing shall run on it. */
  public static Manifest empty(UUID toolboxId) {
    return new Manifest(toolboxId, 0, List.of());
  }

  private static Tool tool(ToolInstance instance) {
    var wish = instance.wish();
    var spec = wish.spec();
    return new Tool(
        wish.toolInstanceId(),
        wish.name(),
        spec.image(),
        spec.command(),
        spec.environment(),
        spec.ports(),
        spec.memoryMb(),
        spec.cpus(),
        spec.readOnlyRoot(),
        wish.desired().wire(),
        wish.revision(),
        wish.restarts());
  }
}
