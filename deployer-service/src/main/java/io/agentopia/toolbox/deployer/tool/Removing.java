package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;

import io.agentopia.toolbox.events.HumanDuration;
import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * Out of the manifest; the agent has not confirmed that its container is gone. Its name is free
 * already: the agent removes what it must before it makes what it must.
 *
 * @param absentFrom generation of the first manifest without it
 * @param until when the agent should have confirmed, UTC; null once that has passed and been told
 */
public record Removing(DesiredTool wanted, long absentFrom, Instant until) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.REMOVING;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.GONE;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.ofNullable(until);
  }

  @Override
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          Transitions.refuse(this, FailureReason.instanceRemoved(wanted));
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> unchanged("it is being removed");
      case ToolFact.StartRequested f -> unchanged("it is being removed");
      case ToolFact.RestartRequested f -> unchanged("it is being removed");
      case ToolFact.RemovalRequested f -> unchanged("it is being removed");
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it is being removed");
      case ToolFact.Reported f -> unchanged("its container is still there");
      case ToolFact.MissingFromReport f ->
          f.appliedManifest() >= absentFrom
              ? Transitions.gone(this)
              : unchanged("the agent has not seen yet that it shall go");
      case ToolFact.DeadlinePassed f -> isLate(s);
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it is being removed");
      case ToolFact.DropletReplaced f -> Transitions.gone(this);
    };
  }

  private Outcome isLate(DecisionContext s) {
    return until == null
        ? unchanged("that its removal is late has been told")
        : to(
            new Removing(wanted, absentFrom, null),
            new EventDraft.StatusChanged(
                "the agent has not confirmed its removal within %s; it is removed as soon as the agent can"
                    .formatted(HumanDuration.words(s.deadlines().removal()))));
  }
}
