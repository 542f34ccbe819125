package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/** Wanted; waits for the toolbox to be healthy. Nothing of it is on the present droplet. */
public record Pending(DesiredTool wanted, Instant until) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.PENDING;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.WAITING;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.of(until);
  }

  @Override
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          wanted.isFor(f.name(), f.spec())
              ? want(Desired.RUNNING)
              : Transitions.deploy(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> want(Desired.RUNNING);
      case ToolFact.RestartRequested f -> want(Desired.RUNNING);
      case ToolFact.RemovalRequested f -> Transitions.gone(this);
      case ToolFact.ToolboxBecameHealthy f -> Transitions.deploy(wanted, s);
      case ToolFact.Reported f -> unchanged("it is not in the manifest yet");
      case ToolFact.MissingFromReport f -> unchanged("it is not in the manifest yet");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> ToolInstance.refused(wanted, f.trouble());
      case ToolFact.DropletReplaced f -> unchanged("it waits for a healthy toolbox already");
    };
  }

  private Outcome want(Desired what) {
    return wanted.asks(what)
        ? unchanged("it waits to be deployed, and " + what.wire() + " is what is wanted")
        : to(
            new Pending(wanted.but(what), until),
            new EventDraft.StatusChanged("will be " + what.wire() + " once it is deployed"));
  }

  /** Only the waiting is over, not the wish: a toolbox that gets healthy later still gets it. */
  private Outcome giveUp(DecisionContext s) {
    var trouble = FailureReason.toolboxNotReady(wanted, s.deadlines().toolboxReady());
    return to(
        new Failed(wanted, trouble, ManifestMembership.WAITING, null),
        new EventDraft.DeployFailed(trouble));
  }
}
