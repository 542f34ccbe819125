package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.unchanged;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import io.agentopia.toolbox.events.ToolStatus;
import java.util.Optional;

/**
 * It does not run.
 *
 * @param standing LISTED where the agent may still bring it up, WAITING where the toolbox was not
 *     ready in time, REFUSED where the request itself was at fault
 */
public record Failed(Wish wish, Trouble trouble, Standing standing, String containerId)
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
    return standing == Standing.LISTED;
  }

  @Override
  public Outcome apply(ToolFact fact, Situation s) {
    return switch (fact) {
      // The same specification once more means: try again.
      case ToolFact.DeployRequested f ->
          isListed()
              ? Moves.deployAnew(wish.anew(f.name(), f.spec()), s)
              : Moves.deploy(wish.anew(f.name(), f.spec()), s);
      case ToolFact.DeployRefused f -> refuse(f.trouble());
      case ToolFact.StopRequested f -> want(Desired.STOPPED);
      case ToolFact.StartRequested f -> start("start asked for", s);
      case ToolFact.RestartRequested f -> start("restart asked for", s);
      case ToolFact.RemovalRequested f -> isListed() ? Moves.leave(this, s) : Moves.gone(this);
      case ToolFact.ToolboxBecameHealthy f ->
          standing == Standing.WAITING
              ? Moves.deploy(wish, s)
              : unchanged("a healthy toolbox does not mend it");
      case ToolFact.Reported f ->
          isListed()
              ? Moves.outOfStep(wish, f.sighting()).orElseGet(() -> seen(f.sighting(), s))
              : unchanged("it is not in the manifest");
      case ToolFact.MissingFromReport f -> unchanged("it does not run anyway");
      case ToolFact.DeadlinePassed f -> unchanged("it waits for nothing");
      case ToolFact.ToolboxDeleted f -> Moves.gone(this);
      case ToolFact.ToolboxRefused f ->
          standing == Standing.WAITING
              ? ToolInstance.refused(wish, f.trouble())
              : unchanged("it waits for no toolbox");
      case ToolFact.DropletReplaced f ->
          isListed()
              ? Moves.waitForNewDroplet(this, s)
              : unchanged("it is not on the old droplet either");
    };
  }

  private Outcome refuse(Trouble newTrouble) {
    return standing == Standing.REFUSED
        ? ToolInstance.refused(wish, newTrouble)
        : Moves.refuse(this, newTrouble);
  }

  private Outcome want(Desired what) {
    if (standing == Standing.REFUSED) {
      return unchanged("it was never deployed");
    }
    if (wish.asks(what)) {
      return unchanged("it has failed, and " + what.wire() + " is what is wanted");
    }
    var next = new Failed(wish.but(what), trouble, standing, containerId);
    var notice = new Notice.StatusChanged("will be " + what.wire());
    return isListed() ? withManifest(next, notice) : to(next, notice);
  }

  private Outcome start(String why, Situation s) {
    return isListed()
        ? Moves.restart(wish.restarted(), containerId, why, s)
        : want(Desired.RUNNING);
  }

  /** While it comes and goes it stays failed; only what lasts is told. */
  private Outcome seen(Sighting seen, Situation s) {
    return switch (seen.kind()) {
      case RUNNING -> Moves.runs(wish, seen, new Notice.StatusChanged("it runs after all"), s);
      case STOPPED -> Moves.stopped(wish, seen);
      case PULLING, STARTING, RESTARTING -> unchanged("the agent tries again");
      case REMOVING -> unchanged("the agent replaces its container");
      case FAILED ->
          seen.trouble().code().equals(trouble.code())
              ? unchanged("it is known to have failed so")
              : Moves.failed(wish, seen);
    };
  }
}
