package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.HumanDuration;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.ShortCircuit;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import java.time.Instant;
import java.util.Optional;

/**
 * A reason not to climb a {@link Rung} now. Pure: context, rules and time in, another decision out,
 * or none.
 */
public interface Guard {
  Optional<Decision> object(RemediationContext context, RemediationRules rules, Instant now);

  static Optional<Decision> settling(
      RemediationContext context, RemediationRules rules, Instant now) {
    return until(
        context.droplet().since().plus(rules.settle()), "others may be lost at the same time", now);
  }

  static Optional<Decision> cap(RemediationContext context, RemediationRules rules, Instant now) {
    var recreations = context.recreationsSince(now.minus(rules.window()));
    if (recreations.size() < rules.most()) {
      return Optional.empty();
    }
    return Optional.of(
        new GiveUp(
            new Advice(
                "The droplet is lost again, after "
                    + recreations.size()
                    + " recreations within "
                    + HumanDuration.words(rules.window())
                    + "; it is not recreated any more.",
                "Find out who deletes the toolbox's droplets in the cloud account, then recreate the toolbox.")));
  }

  /**
   * Of both numbers the larger one: an operator who allows fewer than are usual changes nothing.
   */
  static Optional<Decision> breaker(
      RemediationContext context, RemediationRules rules, Instant now) {
    var fleet = context.fleet();
    if (!rules.isTooMany(fleet)) {
      return Optional.empty();
    }
    return Optional.of(
        new ShortCircuit(
            new Advice(
                fleet.lost()
                    + " droplets of a fleet of "
                    + fleet.size()
                    + " are lost together, more than can be true; nothing is recreated.",
                "Check the cloud token and whether it belongs to the right account; if the droplets are really gone, allow so many, or recreate the toolbox.")));
  }

  /**
   * The cloud says that the droplet is gone, its agent that it is not. The agent is right: a token
   * of another account knows none of our droplets.
   */
  static Optional<Decision> speaking(
      RemediationContext context, RemediationRules rules, Instant now) {
    var beat = context.lastBeat();
    return beat == null
        ? Optional.empty()
        : until(beat.plus(rules.silence()), "its agent was heard a moment ago", now);
  }

  static Optional<Decision> coolDown(
      RemediationContext context, RemediationRules rules, Instant now) {
    var recreations = context.recreationsSince(now.minus(rules.window()));
    return recreations.isEmpty()
        ? Optional.empty()
        : until(
            recreations.getLast().plus(rules.coolDownAfter(recreations.size())),
            "it was recreated not long ago",
            now);
  }

  private static Optional<Decision> until(Instant time, String reason, Instant now) {
    return now.isBefore(time) ? Optional.of(new Wait(time, reason)) : Optional.empty();
  }
}
