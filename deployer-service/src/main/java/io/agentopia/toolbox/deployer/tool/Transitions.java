package io.agentopia.toolbox.deployer.tool;

import static io.agentopia.toolbox.deployer.tool.Outcome.to;
import static io.agentopia.toolbox.deployer.tool.Outcome.withManifest;

import java.util.Optional;

/** Transitions that several states make alike. */
final class Transitions {
  private Transitions() {}

  /** From outside the manifest: into it if the toolbox is healthy, else it waits for that. */
  static Outcome.Changed deploy(DesiredTool wanted, DecisionContext s) {
    if (s.toolboxHealthy()) {
      return withManifest(
          new Deploying(wanted, s.in(s.deadlines().deploy())), new EventDraft.DeployStarted());
    }
    return to(
        new Pending(wanted, s.in(s.deadlines().toolboxReady())),
        new EventDraft.StatusChanged("waits for the toolbox to be healthy"));
  }

  /**
   * From within the manifest: it stays there even while the toolbox is not healthy, for leaving it
   * would take the running container away. It then has as long as a waiting one.
   */
  static Outcome.Changed deployAnew(DesiredTool wanted, DecisionContext s) {
    var time = s.toolboxHealthy() ? s.deadlines().deploy() : s.deadlines().toolboxReady();
    return withManifest(new Deploying(wanted, s.in(time)), new EventDraft.DeployStarted());
  }

  static Outcome.Changed waitForNewDroplet(ToolInstance instance, DecisionContext s) {
    return withManifest(
        new Pending(instance.wanted(), s.in(s.deadlines().toolboxReady())),
        new EventDraft.StatusChanged(
            "the droplet was replaced; it is deployed again when the new one is healthy"));
  }

  static Outcome.Changed restart(
      DesiredTool wanted, String containerId, String why, DecisionContext s) {
    return withManifest(
        new Restarting(wanted, containerId, s.nextManifest(), s.in(s.deadlines().restart())),
        new EventDraft.StatusChanged(why));
  }

  /** The agent is starting it again by itself. */
  static Outcome.Changed restartsItself(
      DesiredTool wanted, String containerId, String why, DecisionContext s) {
    return to(
        new Restarting(wanted, containerId, 0, s.in(s.deadlines().restart())),
        new EventDraft.StatusChanged(why));
  }

  static Outcome.Changed runs(
      DesiredTool wanted, AgentObservation seen, EventDraft draft, DecisionContext s) {
    var stopBy = wanted.asks(Desired.STOPPED) ? s.in(s.deadlines().stop()) : null;
    return to(new Running(wanted, seen.containerId(), stopBy), draft);
  }

  static Outcome.Changed stopped(DesiredTool wanted, AgentObservation seen) {
    return to(
        new Stopped(wanted, seen.containerId()),
        new EventDraft.StatusChanged(
            wanted.asks(Desired.STOPPED) ? "stopped as asked" : "by itself: " + seen.exit()));
  }

  static Outcome.Changed failed(DesiredTool wanted, AgentObservation seen) {
    var trouble = seen.trouble();
    return to(
        new Failed(wanted, trouble, ManifestMembership.LISTED, seen.containerId()),
        new EventDraft.StatusChanged(trouble.code() + ": " + trouble.message()));
  }

  /** Out of the manifest; its container may still be on the droplet. */
  static Outcome.Changed leave(ToolInstance instance, DecisionContext s) {
    return withManifest(
        new Removing(
            instance.wanted().but(Desired.REMOVED),
            s.nextManifest(),
            s.in(s.deadlines().removal())),
        new EventDraft.StatusChanged("removal asked for"));
  }

  static Outcome.Changed gone(ToolInstance instance) {
    var next = new Removed(instance.wanted().but(Desired.REMOVED));
    return instance.membership() == ManifestMembership.LISTED
        ? withManifest(next, new EventDraft.Removed())
        : to(next, new EventDraft.Removed());
  }

  /** The wish cannot be; what there is stays. */
  static Outcome.Changed refuse(ToolInstance instance, FailureReason trouble) {
    return to(instance, new EventDraft.DeployFailed(trouble));
  }

  /** A report about another revision, or older than the last restart asked for, says nothing. */
  static Optional<Outcome> outOfStep(DesiredTool wanted, AgentObservation seen) {
    if (seen.revision() != wanted.revision()) {
      return Optional.of(
          Outcome.unchanged(
              "the report speaks of revision %d, wanted is %d"
                  .formatted(seen.revision(), wanted.revision())));
    }
    if (seen.restarts() < wanted.restarts()) {
      return Optional.of(
          Outcome.unchanged(
              "the report is older than restart %d: it tells of %d"
                  .formatted(wanted.restarts(), seen.restarts())));
    }
    return Optional.empty();
  }
}
