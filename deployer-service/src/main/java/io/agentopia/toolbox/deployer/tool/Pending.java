package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/** Wanted; waits for the toolbox to be healthy. Nothing of it is on the present droplet. */
public record Pending(Wish wish, Instant until) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.PENDING;
  }

  @Override
  public Standing standing() {
    return Standing.WAITING;
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
              : Moves.deploy(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> want(Desired.RUNNING);
      case ToolFact.RestartRequested f -> want(Desired.RUNNING);
      case ToolFact.RemovalRequested f -> Moves.gone(this);
      case ToolFact.ToolboxBecameHealthy f -> Moves.deploy(wish, s);
      case ToolFact.Reported f -> unchanged("it is not in the manifest yet");
      case ToolFact.MissingFromReport f -> unchanged("it is not in the manifest yet");
      case ToolFact.DeadlinePassed f -> giveUp(s);
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f -> ToolInstance.refused(wish, f.trouble());
      case ToolFact.DropletReplaced f -> unchanged("it waits for a healthy toolbox already");
    };
  }

  private Outcome want(Desired what) {
    return wish.asks(what)
        ? unchanged("it waits to be deployed, and " + what.wire() + " is what is wanted")
        : to(
            new Pending(wish.but(what), until),
            new Notice.StatusChanged("will be " + what.wire() + " once it is deployed"));
  }

  /** Only the waiting is over, not the wish: a toolbox that gets healthy later still gets it. */
  private Outcome giveUp(Situation s) {
    var trouble = Trouble.toolboxNotReady(wish, s.deadlines().toolboxReady());
    return to(new Failed(wish, trouble, Standing.WAITING, null), new Notice.DeployFailed(trouble));
  }
}
