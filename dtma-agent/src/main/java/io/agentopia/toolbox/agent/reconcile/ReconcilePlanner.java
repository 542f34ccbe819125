package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Manifest and observation in, actions out. Pure: called again after each action with what is then
 * found, so a crash between two actions needs no recovery of its own.
 */
public final class ReconcilePlanner {
  private final ToolboxNames names;
  private final int agentPort;

  public ReconcilePlanner(ToolboxNames names, int agentPort) {
    this.names = names;
    this.agentPort = agentPort;
  }

  public List<Action> plan(Manifest manifest, Observed observed) {
    var actions = new ArrayList<Action>();
    manifest.tools().forEach(tool -> actions.add(forTool(tool, observed)));
    actions.addAll(removals(manifest, observed));
    return List.copyOf(actions);
  }

  private Action forTool(WantedTool tool, Observed observed) {
    var objection = tool.objection(agentPort);
    if (objection.isPresent()) {
      return new Action.Refuse(tool, objection.get());
    }
    var primary = observed.primary(tool, names);
    if (primary.isEmpty()) {
      return tool.wantsRunning()
          ? whenImageIsThere(tool, observed, new Action.Create(tool))
          : new Action.Nothing(tool, "stopped, and no container is needed for that");
    }
    var container = primary.get();
    for (var other : observed.of(tool)) {
      if (!other.id().equals(container.id())) {
        return new Action.Remove(other, "second container of the tool");
      }
    }
    return tool.wantsRunning()
        ? towardsRunning(tool, container, observed)
        : towardsStopped(tool, container);
  }

  private Action towardsRunning(WantedTool tool, ObservedContainer container, Observed observed) {
    if (container.state() == ObservedContainer.State.REMOVING) {
      return new Action.Nothing(tool, "Docker is removing the container; a new one follows");
    }
    if (container.state() == ObservedContainer.State.DEAD) {
      return new Action.Remove(container, "Docker could not remove it wholly");
    }
    if (names.replacement(tool).equals(container.name())) {
      // It took over and lost its agent. The name is needed, if only for its own replacement.
      return new Action.Rename(tool, container);
    }
    if (!container.matches(tool)) {
      return whenImageIsThere(tool, observed, new Action.Replace(tool, container));
    }
    if (!names.container(tool).equals(container.name())) {
      return new Action.Rename(tool, container);
    }
    return switch (container.state()) {
      case CREATED, EXITED -> new Action.Start(tool, container);
      case PAUSED -> new Action.Restart(tool, container);
      case RUNNING, RESTARTING ->
          observed.restartsOf(container) < tool.restarts()
              ? new Action.Restart(tool, container)
              : new Action.Nothing(tool, "runs as wanted");
      case REMOVING, DEAD -> throw new IllegalStateException("handled above");
    };
  }

  /** An outdated container that is stopped stays: it is replaced when the tool shall run again. */
  private Action towardsStopped(WantedTool tool, ObservedContainer container) {
    return container.state().isAlive()
        ? new Action.Stop(tool, container)
        : new Action.Nothing(tool, "stopped as wanted");
  }

  private static Action whenImageIsThere(WantedTool tool, Observed observed, Action then) {
    return observed.images().contains(tool.image()) ? then : new Action.Pull(tool);
  }

  private static List<Action> removals(Manifest manifest, Observed observed) {
    var wanted = new HashSet<String>();
    manifest.tools().forEach(t -> wanted.add(t.toolInstanceId().toString()));
    var planned = new HashSet<String>();
    var removals = new ArrayList<Action>();
    for (var container : observed.containers()) {
      var unwanted = !wanted.contains(container.key());
      if (unwanted
          && container.state() != ObservedContainer.State.REMOVING
          && planned.add(container.key())) {
        removals.add(new Action.Remove(container, "not in the manifest"));
      }
    }
    return removals;
  }
}
