package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;

import io.agentopia.toolbox.events.ToolStatus;

/** Gone, and so is its container. Its row stays, so that a late wish finds out. */
public record Removed(Wish wish) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.REMOVED;
  }

  @Override
  public Standing standing() {
    return Standing.GONE;
  }

  @Override
  public Outcome apply(ToolFact fact, Situation s) {
    return switch (fact) {
      case ToolFact.DeployRequested f -> Moves.refuse(this, Trouble.instanceRemoved(wish));
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
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
