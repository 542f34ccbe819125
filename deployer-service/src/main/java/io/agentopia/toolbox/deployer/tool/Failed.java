package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.util.Optional;

/**
 * It does not run.
 *
 * @param membership LISTED where the agent may still bring it up, WAITING where the toolbox was not
 *     ready in time, REFUSED where the request itself was at fault
 */
public record Failed(
    DesiredTool wanted, FailureReason trouble, ManifestMembership membership, String containerId)
    implements ToolInstance {

  @Override
  public ToolStatus status() {
    return ToolStatus.FAILED;
  }

  @Override
  public Optional<String> container() {
    return Optional.ofNullable(containerId);
  }

  private boolean isListed() {
    return membership == ManifestMembership.LISTED;
  }

  @Override
  public Outcome apply(ToolFact fact, DecisionContext s) {
    return switch (fact) {
      // The same specification once more means: try again.
      case ToolFact.DeployRequested f ->
          isListed()
              ? Transitions.deployAnew(wanted.anew(f.name(), f.spec()), s)
              : Transitions.deploy(wanted.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> refuse(f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> start("start asked for", s);
      case ToolFact.RestartRequested f -> start("restart asked for", s);
      case ToolFact.RemovalRequested f ->
          isListed() ? Transitions.leave(this, s) : Transitions.gone(this);
      case ToolFact.ToolboxBecameHealthy f ->
          membership == ManifestMembership.WAITING
              ? Transitions.deploy(wanted, s)
              : unchanged("a healthy toolbox does not mend it");
      case ToolFact.Reported f ->
          isListed()
              ? Transitions.outOfStep(wanted, f.sighting()).orElseGet(() -> seen(f.sighting(), s))
              : unchanged("it is not in the manifest");
      case ToolFact.MissingFromReport f -> unchanged("it does not run anyway");
      case ToolFact.DeadlinePassed f -> unchanged("it waits for nothing");
      case ToolFact.ToolboxDeleted f -> Transitions.gone(this);
      case ToolFact.ToolboxRefused f ->
          membership == ManifestMembership.WAITING
              ? ToolInstance.refused(wanted, f.trouble())
              : unchanged("it waits for no toolbox");
      case ToolFact.DropletReplaced f ->
          isListed()
              ? Transitions.waitForNewDroplet(this, s)
              : unchanged("it is not on the old droplet either");
    };
  }

  private Outcome refuse(FailureReason newTrouble) {
    return membership == ManifestMembership.REFUSED
        ? ToolInstance.refused(wanted, newTrouble)
        : Transitions.refuse(this, newTrouble);
  }

  private Outcome want(Desired what) {
    if (membership == ManifestMembership.REFUSED) {
      return unchanged("it was never deployed");
    }
    if (wanted.asks(what)) {
      return unchanged("it has failed, and " + what.wire() + " is what is wanted");
    }
    var next = new Failed(wanted.but(what), trouble, membership, containerId);
    var notice = new EventDraft.StatusChanged("will be " + what.wire());
    return isListed() ? withManifest(next, notice) : to(next, notice);
  }

  private Outcome start(String why, DecisionContext s) {
    return isListed()
        ? Transitions.restart(wanted.restarted(), containerId, why, s)
        : want(Desired.RUNNING);
  }

  /** While it comes and goes it stays failed; only what lasts is told. */
  private Outcome seen(AgentObservation seen, DecisionContext s) {
    return switch (seen.kind()) {
      case RUNNING ->
          Transitions.runs(wanted, seen, new EventDraft.StatusChanged("it runs after all"), s);
      case STOPPED -> Transitions.stopped(wanted, seen);
      case PULLING, STARTING, RESTARTING -> unchanged("the agent tries again");
      case REMOVING -> unchanged("the agent replaces its container");
      case FAILED ->
          seen.trouble().code().equals(trouble.code())
              ? unchanged("it is known to have failed so")
              : Transitions.failed(wanted, seen);
    };
  }
}
