package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Hold;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A reason not to heal now. Pure: situation, rules and time in, another decision out, or none. */
public interface Guard {
  Optional<Decision> object(Situation situation, Rules rules, Instant now);

  /** All of them; the first that objects decides. */
  List<Guard> ALL =
      List.of(
          Guard::asked,
          Guard::settling,
          Guard::cap,
          Guard::breaker,
          Guard::speaking,
          Guard::coolDown);

  /** The wish may be on its way for a while; one that nobody took up is sent again. */
  private static Optional<Decision> asked(Situation situation, Rules rules, Instant now) {
    var askedAt = situation.loss().askedAt();
    return askedAt == null
        ? Optional.empty()
        : until(askedAt.plus(rules.patience()), "a remedy was asked for", now);
  }

  private static Optional<Decision> settling(Situation situation, Rules rules, Instant now) {
    return until(
        situation.loss().since().plus(rules.settle()), "others may be lost at the same time", now);
  }

  private static Optional<Decision> cap(Situation situation, Rules rules, Instant now) {
    var remedies = situation.remediesSince(now.minus(rules.window()));
    if (remedies.size() < rules.most()) {
      return Optional.empty();
    }
    return Optional.of(
        new GiveUp(
            new Words(
                "The droplet is lost again, after "
                    + remedies.size()
                    + " recreations within "
                    + Words.of(rules.window())
                    + "; it is not recreated any more.",
                "Find out who deletes the toolbox's droplets in the cloud account, then recreate the toolbox.")));
  }

  /**
   * Of both numbers the larger one: an operator who allows fewer than are usual changes nothing.
   */
  private static Optional<Decision> breaker(Situation situation, Rules rules, Instant now) {
    var fleet = situation.fleet();
    if (!rules.isTooMany(fleet)) {
      return Optional.empty();
    }
    return Optional.of(
        new Hold(
            new Words(
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
  private static Optional<Decision> speaking(Situation situation, Rules rules, Instant now) {
    var beat = situation.lastBeat();
    return beat == null
        ? Optional.empty()
        : until(beat.plus(rules.silence()), "its agent was heard a moment ago", now);
  }

  private static Optional<Decision> coolDown(Situation situation, Rules rules, Instant now) {
    var remedies = situation.remediesSince(now.minus(rules.window()));
    return remedies.isEmpty()
        ? Optional.empty()
        : until(
            remedies.getLast().plus(rules.coolDownAfter(remedies.size())),
            "it was recreated not long ago",
            now);
  }

  private static Optional<Decision> until(Instant time, String reason, Instant now) {
    return now.isBefore(time) ? Optional.of(new Wait(time, reason)) : Optional.empty();
  }
}
