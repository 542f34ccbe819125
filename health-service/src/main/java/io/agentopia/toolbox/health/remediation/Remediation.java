package io.agentopia.toolbox.health.remediation;

import java.time.Instant;
import java.util.Optional;

/**
 * What to do about a droplet that is lost: recreate it, unless a guard objects. Pure. A ladder of
 * milder remedies belongs here once there are troubles that they cure.
 */
public final class Remediation {
  private final Rules rules;

  public Remediation(Rules rules) {
    this.rules = rules;
  }

  public Decision decide(Situation situation, Instant now) {
    return Guard.ALL.stream()
        .map(guard -> guard.object(situation, rules, now))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(Decision.Remedy::new);
  }
}
