package io.agentopia.toolbox.simulator.droplet;

import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import java.time.Instant;
import java.util.ArrayList;

/** The life of a droplet as a function; time and ids come from outside. */
public final class Lifecycle {
  public static final String BUSY = "Droplet already has a pending event.";

  private Lifecycle() {}

  public static Outcome apply(Droplet droplet, Fact fact, Instant now) {
    if (droplet.isGone()) {
      return new Outcome.Unchanged();
    }
    return switch (fact) {
      case Fact.TimePassed() -> ClockTick.of(droplet, now);
      case Fact.AddressFound(var address) -> addressed(droplet, address, now);
      case Fact.ActionRequested requested -> action(droplet, requested, now);
      case Fact.DeletionRequested requested -> deletion(droplet, requested, now);
      case Fact.DoomedAt(var at) -> Outcome.changed(droplet.with(droplet.plan().vanishing(at)));
      case Fact.Tagged(var tag) -> tagged(droplet, tag);
      case Fact.Untagged(var tag) -> untagged(droplet, tag);
    };
  }

  private static Outcome addressed(Droplet droplet, String address, Instant now) {
    return droplet.address() != null
        ? new Outcome.Unchanged()
        : Outcome.changed(droplet.at(address).with(droplet.plan().addressed(now)));
  }

  private static Outcome action(Droplet droplet, Fact.ActionRequested fact, Instant now) {
    if (droplet.isLocked()) {
      return new Outcome.Refused(BUSY);
    }
    var refusal = refusal(droplet, fact.request());
    if (refusal != null) {
      return new Outcome.Refused(refusal);
    }
    var begun = droplet.begin(fact.actionId(), fact.request(), now, now.plus(fact.takes()));
    return switch (fact.request()) {
      case Request.PowerOff() -> goingDown(begun, false);
      case Request.PowerCycle() -> goingDown(begun, false);
      case Request.Shutdown() -> goingDown(begun, true);
      case Request.Reboot() -> goingDown(begun, true);
      case Request.Create(), Request.PowerOn() -> Outcome.changed(begun);
    };
  }

  private static Outcome goingDown(Droplet droplet, boolean graceful) {
    return Outcome.changed(droplet.with(droplet.plan().down()), new Effect.PowerDown(graceful));
  }

  /** DigitalOcean's sentence, or null when there is nothing to object to. */
  private static String refusal(Droplet droplet, Request request) {
    var off = droplet.phase() instanceof Phase.Off;
    return switch (request) {
      case Request.PowerOn() -> off ? null : "The droplet is already on.";
      case Request.PowerOff(), Request.Shutdown() -> off ? "The droplet is already off." : null;
      case Request.Reboot(), Request.PowerCycle() ->
          off ? "Droplet is currently off. Please power it on to run this event." : null;
      case Request.Create() -> null;
    };
  }

  private static Outcome deletion(Droplet droplet, Fact.DeletionRequested fact, Instant now) {
    if (droplet.isLocked()) {
      return new Outcome.Refused(BUSY);
    }
    var destroying =
        droplet
            .end(Action.Status.ERRORED, now)
            .note(Action.begun(fact.actionId(), "destroy", now))
            .with(new Phase.Destroying(now.plus(fact.takes()), droplet.phase().status()))
            .with(droplet.plan().down());
    return Outcome.changed(destroying, new Effect.Destroy());
  }

  private static Outcome tagged(Droplet droplet, String tag) {
    if (droplet.hasTag(tag)) {
      return new Outcome.Unchanged();
    }
    var tags = new ArrayList<>(droplet.tags());
    tags.add(tag);
    return Outcome.changed(droplet.tagged(tags));
  }

  private static Outcome untagged(Droplet droplet, String tag) {
    return droplet.hasTag(tag)
        ? Outcome.changed(
            droplet.tagged(droplet.tags().stream().filter(t -> !t.equals(tag)).toList()))
        : new Outcome.Unchanged();
  }
}
