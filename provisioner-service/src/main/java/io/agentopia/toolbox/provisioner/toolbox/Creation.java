package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.Change.changed;
import static io.agentopia.toolbox.runtime.lifecycle.Transition.ignored;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.provisioner.toolbox.Change.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.Fact.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import java.time.Instant;

/** The part of the lifecycle in which a droplet is asked for, until the cloud has one. */
final class Creation {
  private static final EventOf CREATING = Events.statusChanged("a droplet is being created");

  private final Deadlines deadlines;
  private final Removing removing;

  Creation(Deadlines deadlines, Removing removing) {
    this.deadlines = deadlines;
    this.removing = removing;
  }

  Transition<Toolbox, Event> started(Toolbox toolbox, Instant now) {
    return toolbox.state() instanceof PendingProvision s
        ? changed(toolbox, begun(s, now), CREATING)
        : ignored("provisioning has started already");
  }

  Transition<Toolbox, Event> attempted(Toolbox toolbox, Instant now) {
    return switch (toolbox.state()) {
      case PendingProvision s ->
          changed(toolbox, begun(s, now).attempted(now, unseenUntil(now)), CREATING);
      case Creating s when !s.mayExist() -> changed(toolbox, s.attempted(now, unseenUntil(now)));
      case NoDroplet _, HasDroplet _ -> ignored("no create request is due");
    };
  }

  private Creating begun(PendingProvision s, Instant now) {
    return s.begun(now, now.plus(deadlines.create()));
  }

  Transition<Toolbox, Event> succeeded(Toolbox toolbox, long dropletId, Instant now) {
    if (!(toolbox.state() instanceof Creating s)) {
      return removing.strayDroplet(toolbox, dropletId, now);
    }
    var next = new Booting(dropletId, false, null, now.plus(deadlines.boot()));
    var created = Events.created(dropletId);
    return s.replaces() == null
        ? changed(toolbox, next, created)
        : changed(toolbox, next, created, Events.replaced(s.replaces(), dropletId));
  }

  Transition<Toolbox, Event> refused(Toolbox toolbox, CreateRefused fact, Instant now) {
    return toolbox.state() instanceof Creating s
        ? changed(
            toolbox,
            // A clear no to the only request there was: nothing can be left of it.
            new ErrorProvisioning(fact.trouble(), s.attempts() > 1 ? leftovers(s, now) : null),
            Events.failed(fact.trouble()))
        : ignored("no create request is open");
  }

  Transition<Toolbox, Event> unsure(Toolbox toolbox, CreateUnsure fact, Instant now) {
    return toolbox.state() instanceof Creating s
        ? delayed(toolbox, s.unsure(unseenUntil(now), soon(now)), "no_clear_answer", fact.detail())
        : ignored("no create request is open");
  }

  Transition<Toolbox, Event> deferred(Toolbox toolbox, CreateDeferred fact, Instant now) {
    if (!(toolbox.state() instanceof Creating s)) {
      return ignored("no create request is open");
    }
    var next = now.plus(Lifecycle.longer(fact.retryAfter(), Lifecycle.backOff(s.attempts())));
    return delayed(toolbox, s.notMade(now, next), "cloud_busy", fact.detail());
  }

  /**
   * Asked again ever more seldom, up to every 16 s: nothing else can be done before the cloud has
   * answered.
   */
  Transition<Toolbox, Event> lookUpFailed(Toolbox toolbox, LookUpFailed fact, Instant now) {
    if (!(toolbox.state() instanceof Creating s) || !s.mayExist()) {
      return ignored("no droplet is being looked for");
    }
    var next =
        now.plus(Lifecycle.longer(fact.retryAfter(), Lifecycle.backOff(Math.min(s.attempts(), 4))));
    return delayed(toolbox, s.lookUpFailed(next), "cloud_unavailable", fact.detail());
  }

  private static Transition<Toolbox, Event> delayed(
      Toolbox toolbox, Creating next, String code, String detail) {
    var attempt = Math.max(1, next.attempts());
    var event = Events.delayed(attempt, next.notBefore(), next.deadline(), code, detail);
    return changed(toolbox, next, event);
  }

  /** What the list said counts for the moment it was asked for: its answer may have taken long. */
  Transition<Toolbox, Event> nothingFound(Toolbox toolbox, NothingFound fact, Instant now) {
    if (!(toolbox.state() instanceof Creating s) || !s.mayExist()) {
      return ignored("no droplet is being looked for");
    }
    var isCertain = !fact.askedAt().isBefore(s.lookUpUntil());
    return changed(
        toolbox, isCertain ? s.notMade(now, soon(now)) : s.unsure(s.lookUpUntil(), soon(now)));
  }

  /**
   * What an abandoned create may have left; null when no request ever went out without a clear
   * answer.
   */
  Removal leftovers(Creating s, Instant now) {
    return s.attempts() == 0 ? null : Removal.of(null, unseenUntil(now), now);
  }

  /** So long may what was asked for now be missing from the cloud's list. */
  private Instant unseenUntil(Instant now) {
    return now.plus(deadlines.listingLag());
  }

  private static Instant soon(Instant now) {
    return now.plusSeconds(2);
  }
}
