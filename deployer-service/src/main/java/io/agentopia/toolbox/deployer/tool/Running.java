package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.HumanDuration;
import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The agent reported it running.
 *
 * @param stopBy when a stop that was asked for should have been reported, UTC; null where none is
 */
public record Running(Wish wish, String containerId, Instant stopBy) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.RUNNING;
  }

  @Override
  public Standing standing() {
    return Standing.LISTED;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.ofNullable(stopBy);
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
              ? keepRunning()
              : Moves.deployAnew(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Moves.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> stop(s);
      case ToolFact.StartRequested f -> keepRunning();
      case ToolFact.RestartRequested f ->
          Moves.restart(wish.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Moves.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it runs already");
      case ToolFact.Reported f ->
          Moves.outOfStep(wish, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f ->
          Moves.restartsItself(
              wish, null, "its container is gone from the droplet; the agent makes a new one", s);
      case ToolFact.DeadlinePassed f -> stopIsLate(s);
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it runs on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Moves.waitForNewDroplet(this, s);
    };
  }

  private Outcome stop(Situation s) {
    return wish.asks(Desired.STOPPED)
        ? unchanged("it is being stopped already")
        : withManifest(
            new Running(wish.but(Desired.STOPPED), containerId, s.in(s.deadlines().stop())),
            new Notice.StatusChanged("stop asked for"));
  }

  private Outcome keepRunning() {
    return wish.asks(Desired.RUNNING)
        ? unchanged("it runs already")
        : withManifest(
            new Running(wish.but(Desired.RUNNING), containerId, null),
            new Notice.StatusChanged("start asked for before it had stopped"));
  }

  private Outcome seen(Sighting seen, Situation s) {
    return switch (seen.kind()) {
      case RUNNING ->
          Objects.equals(seen.containerId(), containerId)
              ? unchanged("it is known to run")
              : to(
                  new Running(wish, seen.containerId(), stopBy),
                  new Notice.StatusChanged("runs in a new container"));
      case PULLING, STARTING, RESTARTING ->
          Moves.restartsItself(wish, seen.containerId(), "it is being started again", s);
      case STOPPED -> Moves.stopped(wish, seen);
      case FAILED -> Moves.failed(wish, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }

  private Outcome stopIsLate(Situation s) {
    return stopBy == null
        ? unchanged("it waits for nothing")
        : to(
            new Running(wish, containerId, null),
            new Notice.StatusChanged(
                "the agent has not reported it stopped within %s; it is stopped as soon as the agent can"
                    .formatted(HumanDuration.words(s.deadlines().stop()))));
  }
}
