package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.Change.changed;
import static io.agentopia.toolbox.runtime.lifecycle.Transition.ignored;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.provisioner.toolbox.Change.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.Fact.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import java.time.Duration;
import java.time.Instant;

/**
 * The half of the lifecycle in which droplets go: deletion, replacement, and what a failed create
 * leaves behind.
 */
final class Removing {
  /** How often a droplet that could not be deleted in time is tried again. */
  private static final Duration AFTER_THE_DEADLINE = Duration.ofMinutes(10);

  private static final String ON_ITS_WAY = "a new droplet is on its way";
  private static final String BEING_DELETED = "the toolbox is being deleted";
  private static final String NOTHING = "nothing is being removed";

  private final Deadlines deadlines;

  Removing(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  /** Works in every state, and a second time changes nothing. */
  Transition<Toolbox, Event> deletionRequested(
      Toolbox toolbox, DeletionRequested fact, Instant now) {
    return switch (toolbox.state()) {
      case PendingProvision s -> deleted(toolbox, null);
      case Creating s -> pending(toolbox, Removal.of(null, unseenUntil(s, now), now));
      case HasDroplet s -> pending(toolbox, Removal.of(s.dropletId(), now, now));
      case Replacing s -> pending(toolbox, s.removal());
      case ErrorProvisioning s ->
          s.cleanup() == null ? deleted(toolbox, null) : pending(toolbox, s.cleanup());
      case Leaving s when fact.force() -> deleted(toolbox, s.removal());
      case ErrorDeprovisioning s -> pending(toolbox, Removal.of(s.removal().dropletId(), now, now));
      case Leaving s -> ignored("deletion is under way");
      case Deprovisioned s -> ignored(s.why());
    };
  }

  Transition<Toolbox, Event> recreationRequested(
      Toolbox toolbox, RecreationRequested fact, Instant now) {
    return switch (toolbox.state()) {
      case HasDroplet s -> asked(toolbox, s.dropletId(), fact.reason(), now);
      case ErrorProvisioning s -> anew(toolbox, s, fact.reason(), now);
      case PendingProvision _, Creating _, Replacing _ -> ignored(ON_ITS_WAY);
      case Leaving s -> ignored(BEING_DELETED);
      case Deprovisioned s -> ignored(s.why());
    };
  }

  /**
   * As a recreation, but only of a droplet that is lost: whatever else became of the toolbox since
   * somebody wanted it healed, above all its deletion, is newer than that.
   */
  Transition<Toolbox, Event> remedyRequested(Toolbox toolbox, Instant now) {
    return switch (toolbox.state()) {
      case Unresponsive s when s.lost() ->
          replacing(toolbox, s.dropletId(), "the lost droplet is being replaced", now);
      case Unresponsive _, Active _ -> ignored("the droplet is not lost");
      case AwaitingHeartbeat _, Booting _, PendingProvision _, Creating _, Replacing _ ->
          ignored(ON_ITS_WAY);
      case ErrorProvisioning s -> ignored("provisioning has failed, which is not healed");
      case Leaving s -> ignored(BEING_DELETED);
      case Deprovisioned s -> ignored(s.why());
    };
  }

  /**
   * As a recreation, but only of what has ended in an error: a wish replayed late must not replace
   * a droplet that works.
   */
  Transition<Toolbox, Event> retryRequested(Toolbox toolbox, RetryRequested fact, Instant now) {
    return toolbox.state() instanceof ErrorProvisioning s
        ? anew(toolbox, s, fact.reason(), now)
        : ignored("provisioning has not failed");
  }

  private Transition<Toolbox, Event> anew(
      Toolbox toolbox, ErrorProvisioning s, String reason, Instant now) {
    var cleanup = s.cleanup() == null ? Removal.of(null, now, now) : s.cleanup();
    var removal = new Removal(cleanup.dropletId(), cleanup.maybeUntil(), 0, now);
    return replacing(
        toolbox.withFailedBoots(0), removal.dropletId(), removal, orAsked(reason), now);
  }

  Transition<Toolbox, Event> started(Toolbox toolbox, Instant now) {
    return toolbox.state() instanceof PendingDeprovision s
        ? changed(
            toolbox,
            new Deprovisioning(s.removal(), now.plus(deadlines.remove())),
            Events.statusChanged("the droplet is being deleted"))
        : ignored("deletion is not pending");
  }

  Transition<Toolbox, Event> dropletsGone(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case Deprovisioning _, ErrorDeprovisioning _ -> deleted(toolbox, null);
      case Replacing s -> changed(toolbox, new PendingProvision(s.oldDropletId()));
      case PendingDeprovision s -> ignored("deletion has not started");
      case Removes s when s.removal() != null -> changed(toolbox, s.with(null));
      case NoDroplet _, HasDroplet _ -> ignored(NOTHING);
    };
  }

  Transition<Toolbox, Event> deferred(Toolbox toolbox, RemovalDeferred fact, Instant now) {
    return switch (toolbox.state()) {
      case PendingDeprovision s -> ignored("deletion has not started");
      case ErrorDeprovisioning s ->
          deferred(toolbox, s, fact.retryAfter(), AFTER_THE_DEADLINE, now);
      case Removes s when s.removal() != null ->
          deferred(toolbox, s, fact.retryAfter(), Lifecycle.backOff(s.removal().attempts()), now);
      case NoDroplet _, HasDroplet _ -> ignored(NOTHING);
    };
  }

  private static Transition<Toolbox, Event> deferred(
      Toolbox toolbox, Removes s, Duration asked, Duration backOff, Instant now) {
    var next = now.plus(Lifecycle.longer(asked, backOff));
    return changed(toolbox, s.with(s.removal().attempted(next)));
  }

  /** A create that was answered after the toolbox had moved on: its droplet must not stay. */
  Transition<Toolbox, Event> strayDroplet(Toolbox toolbox, long dropletId, Instant now) {
    var removal = Removal.of(dropletId, now, now);
    return switch (toolbox.state()) {
      case Replacing s -> changed(toolbox, new Replacing(dropletId, removal, s.deadline()));
      case Removes s -> changed(toolbox, s.with(removal));
      case PendingProvision s -> ignored("the droplet will be found when one is asked for");
      case Creating s -> ignored("handled by the lifecycle");
      case HasDroplet s -> ignored("the droplet is known");
    };
  }

  /** From here on it is tried ever again, but seldom, and its owner is told. */
  Transition<Toolbox, Event> gaveUp(Toolbox toolbox, Deprovisioning s, Instant now) {
    var trouble =
        Troubles.deleteTimeout(
            toolbox, deadlines.remove(), s.removal().attempts(), AFTER_THE_DEADLINE);
    var removal =
        new Removal(
            s.removal().dropletId(),
            s.removal().maybeUntil(),
            s.removal().attempts(),
            now.plus(AFTER_THE_DEADLINE));
    return changed(toolbox, new ErrorDeprovisioning(trouble, removal), Events.failed(trouble));
  }

  Transition<Toolbox, Event> gaveUpReplacing(Toolbox toolbox, Replacing s, Instant now) {
    var trouble = Troubles.replaceTimeout(toolbox, deadlines.remove());
    return changed(
        toolbox,
        new ErrorProvisioning(
            trouble, Removal.of(s.removal().dropletId(), s.removal().maybeUntil(), now)),
        Events.failed(trouble));
  }

  private static Transition<Toolbox, Event> deleted(Toolbox toolbox, Removal leftover) {
    return changed(toolbox, new Deprovisioned(leftover), Events.deleted());
  }

  private static Transition<Toolbox, Event> pending(Toolbox toolbox, Removal removal) {
    return changed(
        toolbox, new PendingDeprovision(removal), Events.statusChanged("deletion was asked for"));
  }

  /** Whoever asks for a new droplet begins anew with what may go wrong on it. */
  private Transition<Toolbox, Event> asked(
      Toolbox toolbox, long dropletId, String reason, Instant now) {
    return replacing(toolbox.withFailedBoots(0), dropletId, orAsked(reason), now);
  }

  private static String orAsked(String reason) {
    return reason == null ? "recreation was asked for" : reason;
  }

  /**
   * @param before what is to be told of the droplet that goes
   */
  Transition<Toolbox, Event> replacing(
      Toolbox toolbox, long dropletId, String reason, Instant now, EventOf... before) {
    return replacing(toolbox, dropletId, Removal.of(dropletId, now, now), reason, now, before);
  }

  private Transition<Toolbox, Event> replacing(
      Toolbox toolbox,
      Long oldDropletId,
      Removal removal,
      String reason,
      Instant now,
      EventOf... before) {
    return changed(
        toolbox,
        toolbox.generation() + 1,
        new Replacing(oldDropletId, removal, now.plus(deadlines.remove())),
        Events.and(before, Events.statusChanged(reason)));
  }

  private Instant unseenUntil(Creating s, Instant now) {
    return s.attempts() == 0 ? now : now.plus(deadlines.listingLag());
  }
}
