package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.quietlyTo;
import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/** In the manifest; the agent has not reported this revision running yet. */
public record Deploying(DesiredTool wanted, Instant until) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.DEPLOYING;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.LISTED;
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
              : Transitions.deployAnew(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> want(Desired.RUNNING);
      case ToolFact.RestartRequested f -> want(Desired.RUNNING);
      case ToolFact.RemovalRequested f -> Transitions.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> hurry(s);
      case ToolFact.Reported f ->
          Transitions.outOfStep(wanted, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f -> unchanged("the agent has not got to it yet");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it was deployed to a toolbox that is there");
      case ToolFact.DropletReplaced f -> Transitions.waitForNewDroplet(this, s);
    };
  }

  private Outcome want(Desired what) {
    return wanted.asks(what)
        ? unchanged("it is being deployed, and " + what.wire() + " is what is wanted")
        : withManifest(
            new Deploying(wanted.but(what), until),
            new EventDraft.StatusChanged("will be " + what.wire()));
  }

  /** It was given more time because the toolbox was not healthy; that reason is gone. */
  private Outcome hurry(DecisionContext s) {
    var sooner = s.in(s.deadlines().deploy());
    return sooner.isBefore(until)
        ? quietlyTo(new Deploying(wanted, sooner))
        : unchanged("it is being deployed already");
  }

  private Outcome seen(AgentObservation seen, DecisionContext s) {
    return switch (seen.kind()) {
      case PULLING, STARTING, RESTARTING -> unchanged("the agent is at it");
      case REMOVING -> unchanged("the agent makes room for it");
      case RUNNING -> Transitions.runs(wanted, seen, new EventDraft.Deployed(), s);
      case STOPPED -> Transitions.stopped(wanted, seen);
      case FAILED ->
          to(
              new Failed(wanted, seen.trouble(), ManifestMembership.LISTED, seen.containerId()),
              new EventDraft.DeployFailed(seen.trouble()));
    };
  }

  private Outcome giveUp(DecisionContext s) {
    var trouble = FailureReason.deployTimeout(wanted, s.deadlines().deploy());
    return to(
        new Failed(wanted, trouble, ManifestMembership.LISTED, null),
        new EventDraft.DeployFailed(trouble));
  }
}
