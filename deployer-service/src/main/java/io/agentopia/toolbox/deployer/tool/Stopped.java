package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.util.Optional;

/** The agent reported it stopped: as asked, or because it ended by itself without an error. */
public record Stopped(Wish wish, String containerId) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.STOPPED;
  }

  @Override
  public Standing standing() {
    return Standing.LISTED;
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
              ? start(s)
              : Moves.deployAnew(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> stop();
      case ToolFact.StartRequested f -> start(s);
      case ToolFact.RestartRequested f ->
          Moves.restart(wish.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Moves.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it is deployed already");
      case ToolFact.Reported f ->
          Moves.outOfStep(wish, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f -> unchanged("it does not run anyway");
      case ToolFact.DeadlinePassed f -> unchanged("it waits for nothing");
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it is on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Moves.waitForNewDroplet(this, s);
    };
  }

  /** Where it was to run and ended by itself, only one more restart makes the agent start it. */
  private Outcome start(Situation s) {
    var next = wish.asks(Desired.STOPPED) ? wish.but(Desired.RUNNING) : wish.restarted();
    return Moves.restart(next, containerId, "start asked for", s);
  }

  private Outcome stop() {
    return wish.asks(Desired.STOPPED)
        ? unchanged("it is stopped already")
        : withManifest(
            new Stopped(wish.but(Desired.STOPPED), containerId),
            new Notice.StatusChanged("stays stopped, as asked"));
  }

  private Outcome seen(Sighting seen, Situation s) {
    return switch (seen.kind()) {
      case STOPPED -> unchanged("it is known to be stopped");
      case RUNNING -> Moves.runs(wish, seen, new Notice.StatusChanged("it runs"), s);
      case PULLING, STARTING, RESTARTING ->
          Moves.restartsItself(wish, seen.containerId(), "it is being started again", s);
      case FAILED -> Moves.failed(wish, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }
}
