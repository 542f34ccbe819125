package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.Outcome.changed;
import static io.agentopia.toolbox.provisioner.toolbox.Outcome.unchanged;

import io.agentopia.toolbox.events.HumanDuration;
import io.agentopia.toolbox.provisioner.toolbox.Fact.*;
import io.agentopia.toolbox.provisioner.toolbox.Outcome.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Duration;
import java.time.Instant;

/**
 * The half of the lifecycle in which droplets go: deletion, replacement, and what a failed create
 * leaves behind.
 */
final class Removing {
  /** How often a droplet that could not be deleted in time is tried again. */
  private static final Duration AFTER_THE_DEADLINE = Duration.ofMinutes(10);

  private final Deadlines deadlines;

  Removing(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  /** Works in every state, and a second time changes nothing. */
  Outcome deletionRequested(Toolbox toolbox, DeletionRequested fact, Instant now) {
    return switch (toolbox.state()) {
      case PendingProvision s -> deleted(toolbox, null);
      case Deprovisioned s -> unchanged("the toolbox is deleted");
      case PendingDeprovision s when fact.force() -> deleted(toolbox, s.removal());
      case Deprovisioning s when fact.force() -> deleted(toolbox, s.removal());
      case ErrorDeprovisioning s when fact.force() -> deleted(toolbox, s.removal());
      case PendingDeprovision s -> unchanged("deletion is under way");
      case Deprovisioning s -> unchanged("deletion is under way");
      case ErrorDeprovisioning s -> pending(toolbox, Removal.of(s.removal().dropletId(), now, now));
      case Creating s -> pending(toolbox, Removal.of(null, unseenUntil(s, now), now));
      case Booting s -> pending(toolbox, Removal.of(s.dropletId(), now, now));
      case AwaitingHeartbeat s -> pending(toolbox, Removal.of(s.dropletId(), now, now));
      case Active s -> pending(toolbox, Removal.of(s.dropletId(), now, now));
      case Unresponsive s -> pending(toolbox, Removal.of(s.dropletId(), now, now));
      case Replacing s -> pending(toolbox, s.removal());
      case ErrorProvisioning s ->
          s.cleanup() == null ? deleted(toolbox, null) : pending(toolbox, s.cleanup());
    };
  }

  Outcome recreationRequested(Toolbox toolbox, RecreationRequested fact, Instant now) {
    return switch (toolbox.state()) {
      case Active s -> asked(toolbox, s.dropletId(), fact.reason(), now);
      case Unresponsive s -> asked(toolbox, s.dropletId(), fact.reason(), now);
      case AwaitingHeartbeat s -> asked(toolbox, s.dropletId(), fact.reason(), now);
      case Booting s -> asked(toolbox, s.dropletId(), fact.reason(), now);
      case ErrorProvisioning s -> anew(toolbox, s, fact.reason(), now);
      case PendingProvision s -> unchanged("a new droplet is on its way");
      case Creating s -> unchanged("a new droplet is on its way");
      case Replacing s -> unchanged("a new droplet is on its way");
      case PendingDeprovision s -> unchanged("the toolbox is being deleted");
      case Deprovisioning s -> unchanged("the toolbox is being deleted");
      case ErrorDeprovisioning s -> unchanged("the toolbox is being deleted");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  /**
   * As a recreation, but only of a droplet that is lost: whatever else became of the toolbox since
   * somebody wanted it healed, above all its deletion, is newer than that.
   */
  Outcome remedyRequested(Toolbox toolbox, Instant now) {
    return switch (toolbox.state()) {
      case Unresponsive s when s.lost() ->
          replacing(toolbox, s.dropletId(), "the lost droplet is being replaced", now);
      case Unresponsive s -> unchanged("the droplet is not lost");
      case Active s -> unchanged("the droplet is not lost");
      case AwaitingHeartbeat s -> unchanged("a new droplet is on its way");
      case Booting s -> unchanged("a new droplet is on its way");
      case PendingProvision s -> unchanged("a new droplet is on its way");
      case Creating s -> unchanged("a new droplet is on its way");
      case Replacing s -> unchanged("a new droplet is on its way");
      case ErrorProvisioning s -> unchanged("provisioning has failed, which is not healed");
      case PendingDeprovision s -> unchanged("the toolbox is being deleted");
      case Deprovisioning s -> unchanged("the toolbox is being deleted");
      case ErrorDeprovisioning s -> unchanged("the toolbox is being deleted");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  /**
   * As a recreation, but only of what has ended in an error: a wish replayed late must not replace
   * a droplet that works.
   */
  Outcome retryRequested(Toolbox toolbox, RetryRequested fact, Instant now) {
    return toolbox.state() instanceof ErrorProvisioning s
        ? anew(toolbox, s, fact.reason(), now)
        : unchanged("provisioning has not failed");
  }

  private Outcome anew(Toolbox toolbox, ErrorProvisioning s, String reason, Instant now) {
    var cleanup = s.cleanup() == null ? Removal.of(null, now, now) : s.cleanup();
    var removal = new Removal(cleanup.dropletId(), cleanup.maybeUntil(), 0, now);
    return replacing(
        toolbox.withFailedBoots(0), removal.dropletId(), removal, orAsked(reason), now);
  }

  Outcome started(Toolbox toolbox, Instant now) {
    return toolbox.state() instanceof PendingDeprovision s
        ? changed(
            toolbox,
            new Deprovisioning(s.removal(), now.plus(deadlines.remove())),
            Events.statusChanged("the droplet is being deleted"))
        : unchanged("deletion is not pending");
  }

  Outcome dropletsGone(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case Deprovisioning s -> deleted(toolbox, null);
      case ErrorDeprovisioning s -> deleted(toolbox, null);
      case Replacing s -> changed(toolbox, new PendingProvision(s.oldDropletId()));
      case ErrorProvisioning s when s.cleanup() != null ->
          changed(toolbox, new ErrorProvisioning(s.trouble(), null));
      case ErrorProvisioning s -> unchanged("nothing was left");
      case PendingDeprovision s -> unchanged("deletion has not started");
      case PendingProvision s -> unchanged("nothing is being removed");
      case Creating s -> unchanged("nothing is being removed");
      case Booting s -> unchanged("nothing is being removed");
      case AwaitingHeartbeat s -> unchanged("nothing is being removed");
      case Active s -> unchanged("nothing is being removed");
      case Unresponsive s -> unchanged("nothing is being removed");
      case Deprovisioned s when s.leftover() != null -> changed(toolbox, new Deprovisioned(null));
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  Outcome deferred(Toolbox toolbox, RemovalDeferred fact, Instant now) {
    return switch (toolbox.state()) {
      case Deprovisioning s ->
          changed(toolbox, new Deprovisioning(later(s.removal(), fact, now), s.deadline()));
      case Replacing s ->
          changed(
              toolbox,
              new Replacing(s.oldDropletId(), later(s.removal(), fact, now), s.deadline()));
      case ErrorProvisioning s when s.cleanup() != null ->
          changed(toolbox, new ErrorProvisioning(s.trouble(), later(s.cleanup(), fact, now)));
      case ErrorProvisioning s -> unchanged("nothing is being removed");
      case ErrorDeprovisioning s ->
          changed(toolbox, new ErrorDeprovisioning(s.trouble(), muchLater(s.removal(), fact, now)));
      case PendingDeprovision s -> unchanged("deletion has not started");
      case PendingProvision s -> unchanged("nothing is being removed");
      case Creating s -> unchanged("nothing is being removed");
      case Booting s -> unchanged("nothing is being removed");
      case AwaitingHeartbeat s -> unchanged("nothing is being removed");
      case Active s -> unchanged("nothing is being removed");
      case Unresponsive s -> unchanged("nothing is being removed");
      case Deprovisioned s when s.leftover() != null ->
          changed(toolbox, new Deprovisioned(later(s.leftover(), fact, now)));
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  /** A create that was answered after the toolbox had moved on: its droplet must not stay. */
  Outcome strayDroplet(Toolbox toolbox, long dropletId, Instant now) {
    var removal = Removal.of(dropletId, now, now);
    return switch (toolbox.state()) {
      case PendingDeprovision s -> changed(toolbox, new PendingDeprovision(removal));
      case Deprovisioning s -> changed(toolbox, new Deprovisioning(removal, s.deadline()));
      case ErrorProvisioning s -> changed(toolbox, new ErrorProvisioning(s.trouble(), removal));
      case Replacing s -> changed(toolbox, new Replacing(dropletId, removal, s.deadline()));
      case Deprovisioned s -> changed(toolbox, new Deprovisioned(removal));
      case ErrorDeprovisioning s -> changed(toolbox, new ErrorDeprovisioning(s.trouble(), removal));
      case PendingProvision s -> unchanged("the droplet will be found when one is asked for");
      case Creating s -> unchanged("handled by the lifecycle");
      case Booting s -> unchanged("the droplet is known");
      case AwaitingHeartbeat s -> unchanged("the droplet is known");
      case Active s -> unchanged("the droplet is known");
      case Unresponsive s -> unchanged("the droplet is known");
    };
  }

  /** From here on it is tried ever again, but seldom, and its owner is told. */
  Outcome gaveUp(Toolbox toolbox, Deprovisioning s, Instant now) {
    var trouble =
        new Trouble(
            "delete_timeout",
            "The droplet of toolbox "
                + toolbox.id()
                + " could not be deleted within "
                + HumanDuration.words(deadlines.remove())
                + " ("
                + s.removal().attempts()
                + " attempts). It is tried again every "
                + HumanDuration.words(AFTER_THE_DEADLINE)
                + ".",
            "Look at the droplet in the cloud's control panel; to have it tried at once delete the toolbox again, with force if the droplet is gone.");
    var removal =
        new Removal(
            s.removal().dropletId(),
            s.removal().maybeUntil(),
            s.removal().attempts(),
            now.plus(AFTER_THE_DEADLINE));
    return changed(toolbox, new ErrorDeprovisioning(trouble, removal), Events.failed(trouble));
  }

  Outcome gaveUpReplacing(Toolbox toolbox, Replacing s, Instant now) {
    var trouble =
        new Trouble(
            "replace_timeout",
            "The old droplet of toolbox "
                + toolbox.id()
                + " could not be deleted within "
                + HumanDuration.words(deadlines.remove())
                + ", so no new one was created.",
            "Look at the old droplet in the cloud's control panel, then recreate the toolbox.");
    return changed(
        toolbox,
        new ErrorProvisioning(
            trouble, Removal.of(s.removal().dropletId(), s.removal().maybeUntil(), now)),
        Events.failed(trouble));
  }

  private static Outcome deleted(Toolbox toolbox, Removal leftover) {
    return changed(toolbox, new Deprovisioned(leftover), Events.deleted());
  }

  private static Outcome pending(Toolbox toolbox, Removal removal) {
    return changed(
        toolbox, new PendingDeprovision(removal), Events.statusChanged("deletion was asked for"));
  }

  /** Whoever asks for a new droplet begins anew with what may go wrong on it. */
  private Outcome asked(Toolbox toolbox, long dropletId, String reason, Instant now) {
    return replacing(toolbox.withFailedBoots(0), dropletId, orAsked(reason), now);
  }

  private static String orAsked(String reason) {
    return reason == null ? "recreation was asked for" : reason;
  }

  /**
   * @param before what is to be told of the droplet that goes
   */
  Outcome replacing(
      Toolbox toolbox, long dropletId, String reason, Instant now, EventOf... before) {
    return replacing(toolbox, dropletId, Removal.of(dropletId, now, now), reason, now, before);
  }

  private Outcome replacing(
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

  private static Removal later(Removal removal, RemovalDeferred fact, Instant now) {
    var wait = Lifecycle.longer(fact.retryAfter(), Lifecycle.backOff(removal.attempts()));
    return new Removal(
        removal.dropletId(), removal.maybeUntil(), removal.attempts() + 1, now.plus(wait));
  }

  private static Removal muchLater(Removal removal, RemovalDeferred fact, Instant now) {
    var wait = Lifecycle.longer(fact.retryAfter(), AFTER_THE_DEADLINE);
    return new Removal(
        removal.dropletId(), removal.maybeUntil(), removal.attempts() + 1, now.plus(wait));
  }

  private Instant unseenUntil(Creating s, Instant now) {
    return s.attempts() == 0 ? now : now.plus(deadlines.listingLag());
  }
}
