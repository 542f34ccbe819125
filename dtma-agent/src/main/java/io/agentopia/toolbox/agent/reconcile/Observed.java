package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a pass found.
 *
 * @param images of the manifest's images, those that are on the droplet
 * @param restartsDone restarts made in place, by tool instance
 */
public record Observed(
    List<ObservedContainer> containers, Set<String> images, Map<UUID, Long> restartsDone) {

  public Observed {
    containers = List.copyOf(containers);
    images = Set.copyOf(images);
    restartsDone = Map.copyOf(restartsDone);
  }

  List<ObservedContainer> of(WantedTool tool) {
    return containers.stream().filter(c -> c.isOf(tool)).toList();
  }

  /**
   * The container that is the tool: the one bearing its name; else (a replacement that lost its
   * agent before it was renamed) one made from the wanted entry; else any.
   */
  Optional<ObservedContainer> primary(WantedTool tool, ToolboxNames names) {
    var all = of(tool);
    return all.stream()
        .filter(c -> names.container(tool).equals(c.name()))
        .findFirst()
        .or(() -> all.stream().filter(c -> c.matches(tool)).findFirst())
        .or(() -> all.stream().findFirst());
  }

  /** The label says what was asked for at creation, the state file what was done since. */
  long restartsOf(ObservedContainer container) {
    var done =
        container.toolInstanceId() == null ? null : restartsDone.get(container.toolInstanceId());
    return Math.max(container.origin().restarts(), done == null ? 0 : done);
  }
}
