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
public record Running(DesiredTool wanted, String containerId, Instant stopBy)
    implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.RUNNING;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.LISTED;
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
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      case ToolFact.DeployRequested f ->
          wanted.isFor(f.name(), f.spec())
              ? keepRunning()
              : Transitions.deployAnew(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> stop(s);
      case ToolFact.StartRequested f -> keepRunning();
      case ToolFact.RestartRequested f ->
          Transitions.restart(wanted.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Transitions.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it runs already");
      case ToolFact.Reported f ->
          Transitions.outOfStep(wanted, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f ->
          Transitions.restartsItself(
              wanted, null, "its container is gone from the droplet; the agent makes a new one", s);
      case ToolFact.DeadlinePassed f -> stopIsLate(s);
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it runs on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Transitions.waitForNewDroplet(this, s);
    };
  }

  private Outcome stop(DecisionContext s) {
    return wanted.asks(Desired.STOPPED)
        ? unchanged("it is being stopped already")
        : withManifest(
            new Running(wanted.but(Desired.STOPPED), containerId, s.in(s.deadlines().stop())),
            new EventDraft.StatusChanged("stop asked for"));
  }

  private Outcome keepRunning() {
    return wanted.asks(Desired.RUNNING)
        ? unchanged("it runs already")
        : withManifest(
            new Running(wanted.but(Desired.RUNNING), containerId, null),
            new EventDraft.StatusChanged("start asked for before it had stopped"));
  }

  private Outcome seen(AgentObservation seen, DecisionContext s) {
    return switch (seen.kind()) {
      case RUNNING ->
          Objects.equals(seen.containerId(), containerId)
              ? unchanged("it is known to run")
              : to(
                  new Running(wanted, seen.containerId(), stopBy),
                  new EventDraft.StatusChanged("runs in a new container"));
      case PULLING, STARTING, RESTARTING ->
          Transitions.restartsItself(wanted, seen.containerId(), "it is being started again", s);
      case STOPPED -> Transitions.stopped(wanted, seen);
      case FAILED -> Transitions.failed(wanted, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }

  private Outcome stopIsLate(DecisionContext s) {
    return stopBy == null
        ? unchanged("it waits for nothing")
        : to(
            new Running(wanted, containerId, null),
            new EventDraft.StatusChanged(
                "the agent has not reported it stopped within %s; it is stopped as soon as the agent can"
                    .formatted(HumanDuration.words(s.deadlines().stop()))));
  }
}
