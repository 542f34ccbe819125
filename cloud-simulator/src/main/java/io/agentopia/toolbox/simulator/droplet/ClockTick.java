package io.agentopia.toolbox.simulator.droplet;

import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What has become due by now: each step is taken by itself, in the order of life. */
final class ClockTick {
  private ClockTick() {}

  static Outcome of(Droplet droplet, Instant now) {
    var effects = new ArrayList<Effect>();
    var current = droplet;
    for (var next = step(current, now, effects); next != current; ) {
      current = next;
      next = step(current, now, effects);
    }
    return current == droplet && effects.isEmpty()
        ? new Outcome.Unchanged()
        : new Outcome.Changed(current, List.copyOf(effects));
  }

  private static Droplet step(Droplet droplet, Instant now, List<Effect> effects) {
    var plan = droplet.plan();
    if (droplet.isGone()) {
      return droplet;
    }
    if (droplet.phase() instanceof Phase.Destroying destroying) {
      return isDue(destroying.goneAt(), now) ? gone(droplet, now, Phase.Gone.DELETED) : droplet;
    }
    if (isDue(plan.vanishesAt(), now)) {
      effects.add(new Effect.Destroy());
      return gone(droplet, now, Phase.Gone.DISAPPEARED);
    }
    if (droplet.pending() != null && isDue(droplet.pending().doneAt(), now)) {
      return done(droplet, now);
    }
    if (isDue(plan.addressAt(), now)) {
      effects.add(new Effect.FindAddress());
      return droplet;
    }
    var maySwitchOn = droplet.phase() instanceof Phase.Active && droplet.pending() == null;
    if (isDue(plan.bootAt(), now) && maySwitchOn) {
      effects.add(new Effect.PowerUp());
      return droplet.with(plan.booted());
    }
    return droplet;
  }

  private static boolean isDue(Instant at, Instant now) {
    return at != null && !now.isBefore(at);
  }

  private static Droplet gone(Droplet droplet, Instant now, String reason) {
    return droplet
        .end(
            reason.equals(Phase.Gone.DELETED) ? Action.Status.COMPLETED : Action.Status.ERRORED,
            now)
        .with(droplet.spec().withoutSecrets())
        .with(droplet.plan().down())
        .with(new Phase.Gone(now, reason));
  }

  private static Droplet done(Droplet droplet, Instant now) {
    var ended = droplet.end(Action.Status.COMPLETED, now);
    return switch (droplet.pending().request()) {
      case Request.Create() -> ended.with(new Phase.Active());
      case Request.PowerOn(), Request.Reboot(), Request.PowerCycle() -> starting(ended, now);
      case Request.PowerOff(), Request.Shutdown() -> ended.with(new Phase.Off());
    };
  }

  private static Droplet starting(Droplet droplet, Instant now) {
    var on = droplet.with(new Phase.Active());
    return on.address() == null ? on : on.with(on.plan().bootingFrom(now));
  }
}
