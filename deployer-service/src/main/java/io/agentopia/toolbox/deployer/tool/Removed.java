package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;

import io.agentopia.toolbox.events.ToolStatus;

/** Gone, and so is its container. Its row stays, so that a late wish finds out. */
public record Removed(DesiredTool wanted) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.REMOVED;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.GONE;
  }

  @Override
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          Transitions.refuse(this, FailureReason.instanceRemoved(wanted));
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> unchanged("it was removed");
      case ToolFact.StartRequested f -> unchanged("it was removed");
      case ToolFact.RestartRequested f -> unchanged("it was removed");
      case ToolFact.RemovalRequested f -> unchanged("it was removed");
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it was removed");
      case ToolFact.Reported f -> unchanged("it was removed");
      case ToolFact.MissingFromReport f -> unchanged("it was removed");
      case ToolFact.DeadlinePassed f -> unchanged("it was removed");
      case ToolFact.ToolboxDeleted f -> unchanged("it was removed");
      case ToolFact.ToolboxRefused f -> unchanged("it was removed");
      case ToolFact.DropletReplaced f -> unchanged("it was removed");
    };
  }
}
