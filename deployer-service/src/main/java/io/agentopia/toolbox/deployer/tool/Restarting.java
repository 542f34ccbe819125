package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * Docker or the agent is starting it again.
 *
 * @param askedIn generation of the manifest that asks for it; 0 where nobody asked
 */
public record Restarting(DesiredTool wanted, String containerId, long askedIn, Instant until)
    implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.RESTARTING;
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
  public Optional<String> container() {
    return Optional.ofNullable(containerId);
  }

  @Override
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          wanted.isFor(f.name(), f.spec())
              ? want(Desired.RUNNING, s)
              : Transitions.deployAnew(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED, s);
      case ToolFact.StartRequested f -> want(Desired.RUNNING, s);
      case ToolFact.RestartRequested f ->
          Transitions.restart(wanted.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Transitions.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it is being started again already");
      case ToolFact.Reported f ->
          Transitions.outOfStep(wanted, f.sighting())
              .orElseGet(() -> seen(f.sighting(), f.appliedManifest(), s));
      case ToolFact.MissingFromReport f -> unchanged("the agent makes a new container");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it is on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Transitions.waitForNewDroplet(this, s);
    };
  }

  private Outcome want(Desired what, DecisionContext s) {
    if (wanted.asks(what)) {
      return unchanged("it is being started again, and " + what.wire() + " is what is wanted");
    }
    var time = what == Desired.STOPPED ? s.deadlines().stop() : s.deadlines().restart();
    return withManifest(
        new Restarting(wanted.but(what), containerId, s.nextManifest(), s.in(time)),
        new EventDraft.StatusChanged("will be " + what.wire()));
  }

  private Outcome seen(AgentObservation seen, long appliedManifest, DecisionContext s) {
    return switch (seen.kind()) {
      case RUNNING ->
          Transitions.runs(wanted, seen, new EventDraft.StatusChanged("it runs again"), s);
      case PULLING, STARTING, RESTARTING -> unchanged("it is known to be started again");
      // Before it has seen the manifest that asks for the start, the agent tells old news.
      case STOPPED ->
          wanted.asks(Desired.RUNNING) && appliedManifest < askedIn
              ? unchanged("the agent has not seen yet that it shall run")
              : Transitions.stopped(wanted, seen);
      case FAILED -> Transitions.failed(wanted, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }

  private Outcome giveUp(DecisionContext s) {
    var trouble =
        wanted.asks(Desired.STOPPED)
            ? FailureReason.stopTimeout(wanted, s.deadlines().stop())
            : FailureReason.restartTimeout(wanted, s.deadlines().restart());
    return to(
        new Failed(wanted, trouble, ManifestMembership.LISTED, containerId),
        new EventDraft.StatusChanged(trouble.code() + ": " + trouble.message()));
  }
}
