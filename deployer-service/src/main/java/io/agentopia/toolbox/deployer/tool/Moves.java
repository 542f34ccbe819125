package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import java.util.Optional;

/** Moves that several states make alike. */
final class Moves {
  private Moves() {}

  /** From outside the manifest: into it if the toolbox is healthy, else it waits for that. */
  static Outcome.Changed deploy(Wish wish, Situation s) {
    if (s.toolboxHealthy()) {
      return withManifest(
          new Deploying(wish, s.in(s.deadlines().deploy())), new Notice.DeployStarted());
    }
    return to(
        new Pending(wish, s.in(s.deadlines().toolboxReady())),
        new Notice.StatusChanged("waits for the toolbox to be healthy"));
  }

  /**
   * From within the manifest: it stays there even while the toolbox is not healthy, for leaving it
   * would take the running container away. It then has as long as a waiting one.
   */
  static Outcome.Changed deployAnew(Wish wish, Situation s) {
    var time = s.toolboxHealthy() ? s.deadlines().deploy() : s.deadlines().toolboxReady();
    return withManifest(new Deploying(wish, s.in(time)), new Notice.DeployStarted());
  }

  static Outcome.Changed waitForNewDroplet(ToolInstance instance, Situation s) {
    return withManifest(
        new Pending(instance.wish(), s.in(s.deadlines().toolboxReady())),
        new Notice.StatusChanged(
            "the droplet was replaced; it is deployed again when the new one is healthy"));
  }

  static Outcome.Changed restart(Wish wish, String containerId, String why, Situation s) {
    return withManifest(
        new Restarting(wish, containerId, s.nextManifest(), s.in(s.deadlines().restart())),
        new Notice.StatusChanged(why));
  }

  /** The agent is starting it again by itself. */
  static Outcome.Changed restartsItself(Wish wish, String containerId, String why, Situation s) {
    return to(
        new Restarting(wish, containerId, 0, s.in(s.deadlines().restart())),
        new Notice.StatusChanged(why));
  }

  static Outcome.Changed runs(Wish wish, Sighting seen, Notice notice, Situation s) {
    var stopBy = wish.asks(Desired.STOPPED) ? s.in(s.deadlines().stop()) : null;
    return to(new Running(wish, seen.containerId(), stopBy), notice);
  }

  static Outcome.Changed stopped(Wish wish, Sighting seen) {
    return to(
        new Stopped(wish, seen.containerId()),
        new Notice.StatusChanged(
            wish.asks(Desired.STOPPED) ? "stopped as asked" : "by itself: " + seen.exit()));
  }

  static Outcome.Changed failed(Wish wish, Sighting seen) {
    var trouble = seen.trouble();
    return to(
        new Failed(wish, trouble, Standing.LISTED, seen.containerId()),
        new Notice.StatusChanged(trouble.code() + ": " + trouble.message()));
  }

  /** Out of the manifest; its container may still be on the droplet. */
  static Outcome.Changed leave(ToolInstance instance, Situation s) {
    return withManifest(
        new Removing(
            instance.wish().but(Desired.REMOVED), s.nextManifest(), s.in(s.deadlines().removal())),
        new Notice.StatusChanged("removal asked for"));
  }

  static Outcome.Changed gone(ToolInstance instance) {
    var next = new Removed(instance.wish().but(Desired.REMOVED));
    return instance.standing() == Standing.LISTED
        ? withManifest(next, new Notice.Removed())
        : to(next, new Notice.Removed());
  }

  /** The wish cannot be; what there is stays. */
  static Outcome.Changed refuse(ToolInstance instance, Trouble trouble) {
    return to(instance, new Notice.DeployFailed(trouble));
  }

  /** A report about another revision, or older than the last restart asked for, says nothing. */
  static Optional<Outcome> outOfStep(Wish wish, Sighting seen) {
    if (seen.revision() != wish.revision()) {
      return Optional.of(
          Outcome.unchanged(
              "the report speaks of revision %d, wanted is %d"
                  .formatted(seen.revision(), wish.revision())));
    }
    if (seen.restarts() < wish.restarts()) {
      return Optional.of(
          Outcome.unchanged(
              "the report is older than restart %d: it tells of %d"
                  .formatted(wish.restarts(), seen.restarts())));
    }
    return Optional.empty();
  }
}
