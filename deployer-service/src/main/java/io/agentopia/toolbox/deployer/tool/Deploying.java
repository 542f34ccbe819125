package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.quietlyTo;
import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/** In the manifest; the agent has not reported this revision running yet. */
public record Deploying(Wish wish, Instant until) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.DEPLOYING;
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
  public Outcome apply(ToolFact fact, Situation s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          wish.isFor(f.name(), f.spec())
              ? want(Desired.RUNNING)
              : Moves.deployAnew(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> want(Desired.RUNNING);
      case ToolFact.RestartRequested f -> want(Desired.RUNNING);
      case ToolFact.RemovalRequested f -> Moves.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> hurry(s);
      case ToolFact.Reported f ->
          Moves.outOfStep(wish, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f -> unchanged("the agent has not got to it yet");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it was deployed to a toolbox that is there");
      case ToolFact.DropletReplaced f -> Moves.waitForNewDroplet(this, s);
    };
  }

  private Outcome want(Desired what) {
    return wish.asks(what)
        ? unchanged("it is being deployed, and " + what.wire() + " is what is wanted")
        : withManifest(
            new Deploying(wish.but(what), until),
            new Notice.StatusChanged("will be " + what.wire()));
  }

  /** It was given more time because the toolbox was not healthy; that reason is gone. */
  private Outcome hurry(Situation s) {
    var sooner = s.in(s.deadlines().deploy());
    return sooner.isBefore(until)
        ? quietlyTo(new Deploying(wish, sooner))
        : unchanged("it is being deployed already");
  }

  private Outcome seen(Sighting seen, Situation s) {
    return switch (seen.kind()) {
      case PULLING, STARTING, RESTARTING -> unchanged("the agent is at it");
      case REMOVING -> unchanged("the agent makes room for it");
      case RUNNING -> Moves.runs(wish, seen, new Notice.Deployed(), s);
      case STOPPED -> Moves.stopped(wish, seen);
      case FAILED ->
          to(
              new Failed(wish, seen.trouble(), Standing.LISTED, seen.containerId()),
              new Notice.DeployFailed(seen.trouble()));
    };
  }

  private Outcome giveUp(Situation s) {
    var trouble = Trouble.deployTimeout(wish, s.deadlines().deploy());
    return to(new Failed(wish, trouble, Standing.LISTED, null), new Notice.DeployFailed(trouble));
  }
}
