package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.ToolStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * One tool deployed on one toolbox. Pure: {@link #apply} says what a fact does to it, and a late,
 * repeated or out-of-order fact does nothing. Each state is a file of its own; facts are switched
 * over without {@code default}, so a new one has to be thought of in each state.
 *
 * <pre>
 * Pending -> Deploying -> Running <-> Restarting
 *                 |          |  \-> Stopped
 *                 v          v
 *               Failed     Removing -> Removed
 * </pre>
 */
public sealed interface ToolInstance
    permits Pending, Deploying, Running, Stopped, Restarting, Failed, Removing, Removed {

  DesiredTool wanted();

  ToolStatus status();

  ManifestMembership membership();

  /** When it will have waited too long, UTC; empty where it waits for nothing. */
  default Optional<Instant> deadline() {
    return Optional.empty();
  }

  /** Docker's id of its container, as far as one is known. */
  default Optional<String> container() {
    return Optional.empty();
  }

  Outcome apply(ToolFact fact, DecisionContext situation);

  /** The same, after a wish of that number. */
  default ToolInstance asked(long sequence) {
    var later = wanted().asked(sequence);
    return switch (this) {
      case Pending it -> new Pending(later, it.until());
      case Deploying it -> new Deploying(later, it.until());
      case Running it -> new Running(later, it.containerId(), it.stopBy());
      case Stopped it -> new Stopped(later, it.containerId());
      case Restarting it -> new Restarting(later, it.containerId(), it.askedIn(), it.until());
      case Failed it -> new Failed(later, it.trouble(), it.membership(), it.containerId());
      case Removing it -> new Removing(later, it.absentFrom(), it.until());
      case Removed it -> new Removed(later);
    };
  }

  /** A deployment was asked for under an id that is new. */
  static Outcome.Changed requested(DesiredTool wanted, DecisionContext situation) {
    return Transitions.deploy(wanted, situation);
  }

  /** As {@link #requested}, but it cannot be. It is kept, so that it can be shown and removed. */
  static Outcome.Changed refused(DesiredTool wanted, FailureReason trouble) {
    return Outcome.to(
        new Failed(wanted, trouble, ManifestMembership.REFUSED, null),
        new EventDraft.DeployFailed(trouble));
  }
}
