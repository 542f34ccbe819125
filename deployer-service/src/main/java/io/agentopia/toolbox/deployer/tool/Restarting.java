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
public record Restarting(Wish wish, String containerId, long askedIn, Instant until)
    implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.RESTARTING;
  }

  @Override
  public Standing standing() {
    return Standing.LISTED;
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
  public Outcome apply(ToolFact fact, Situation s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          wish.isFor(f.name(), f.spec())
              ? want(Desired.RUNNING, s)
              : Moves.deployAnew(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED, s);
      case ToolFact.StartRequested f -> want(Desired.RUNNING, s);
      case ToolFact.RestartRequested f ->
          Moves.restart(wish.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Moves.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it is being started again already");
      case ToolFact.Reported f ->
          Moves.outOfStep(wish, f.sighting())
              .orElseGet(() -> seen(f.sighting(), f.appliedManifest(), s));
      case ToolFact.MissingFromReport f -> unchanged("the agent makes a new container");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it is on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Moves.waitForNewDroplet(this, s);
    };
  }

  private Outcome want(Desired what, Situation s) {
    if (wish.asks(what)) {
      return unchanged("it is being started again, and " + what.wire() + " is what is wanted");
    }
    var time = what == Desired.STOPPED ? s.deadlines().stop() : s.deadlines().restart();
    return withManifest(
        new Restarting(wish.but(what), containerId, s.nextManifest(), s.in(time)),
        new Notice.StatusChanged("will be " + what.wire()));
  }

  private Outcome seen(Sighting seen, long appliedManifest, Situation s) {
    return switch (seen.kind()) {
      case RUNNING -> Moves.runs(wish, seen, new Notice.StatusChanged("it runs again"), s);
      case PULLING, STARTING, RESTARTING -> unchanged("it is known to be started again");
      // Before it has seen the manifest that asks for the start, the agent tells old news.
      case STOPPED ->
          wish.asks(Desired.RUNNING) && appliedManifest < askedIn
              ? unchanged("the agent has not seen yet that it shall run")
              : Moves.stopped(wish, seen);
      case FAILED -> Moves.failed(wish, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }

  private Outcome giveUp(Situation s) {
    var trouble =
        wish.asks(Desired.STOPPED)
            ? Trouble.stopTimeout(wish, s.deadlines().stop())
            : Trouble.restartTimeout(wish, s.deadlines().restart());
    return to(
        new Failed(wish, trouble, Standing.LISTED, containerId),
        new Notice.StatusChanged(trouble.code() + ": " + trouble.message()));
  }
}
