package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.util.Optional;

/** The agent reported it stopped: as asked, or because it ended by itself without an error. */
public record Stopped(DesiredTool wanted, String containerId) implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.STOPPED;
  }

  @Override
  public ManifestMembership membership() {
    return ManifestMembership.LISTED;
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
              ? start(s)
              : Transitions.deployAnew(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> Transitions.refuse(this, f.trouble());
      case ToolFact.StopRequested f -> stop();
      case ToolFact.StartRequested f -> start(s);
      case ToolFact.RestartRequested f ->
          Transitions.restart(wanted.restarted(), containerId, "restart asked for", s);
      case ToolFact.RemovalRequested f -> Transitions.leave(this, s);
      case ToolFact.ToolboxBecameHealthy f -> unchanged("it is deployed already");
      case ToolFact.Reported f ->
          Transitions.outOfStep(wanted, f.sighting()).orElseGet(() -> seen(f.sighting(), s));
      case ToolFact.MissingFromReport f -> unchanged("it does not run anyway");
      case ToolFact.DeadlinePassed f -> unchanged("it waits for nothing");
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f -> unchanged("it is on a toolbox that is there");
      case ToolFact.DropletReplaced f -> Transitions.waitForNewDroplet(this, s);
    };
  }

  /** Where it was to run and ended by itself, only one more restart makes the agent start it. */
  private Outcome start(DecisionContext s) {
    var next = wanted.asks(Desired.STOPPED) ? wanted.but(Desired.RUNNING) : wanted.restarted();
    return Transitions.restart(next, containerId, "start asked for", s);
  }

  private Outcome stop() {
    return wanted.asks(Desired.STOPPED)
        ? unchanged("it is stopped already")
        : withManifest(
            new Stopped(wanted.but(Desired.STOPPED), containerId),
            new EventDraft.StatusChanged("stays stopped, as asked"));
  }

  private Outcome seen(AgentObservation seen, DecisionContext s) {
    return switch (seen.kind()) {
      case STOPPED -> unchanged("it is known to be stopped");
      case RUNNING -> Transitions.runs(wanted, seen, new EventDraft.StatusChanged("it runs"), s);
      case PULLING, STARTING, RESTARTING ->
          Transitions.restartsItself(wanted, seen.containerId(), "it is being started again", s);
      case FAILED -> Transitions.failed(wanted, seen);
      case REMOVING -> unchanged("the agent replaces its container");
    };
  }
}
