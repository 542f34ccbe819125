package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One step of the ladder of remedies.
 *
 * @param remedy what is asked for
 * @param helps against which ailments; others pass it over
 * @param guards who may object; the first that does decides
 * @param patience how long it is given, until the next rung that helps is tried, or the last one
 *     again
 */
public record Rung(
    Remedy remedy,
    Predicate<Ailment> helps,
    List<Guard> guards,
    Function<RemediationRules, Duration> patience) {

  private static final Rung RECREATE =
      new Rung(
          Remedy.RECREATE_DROPLET,
          ailment -> ailment instanceof Lost,
          List.of(Guard::settling, Guard::cap, Guard::breaker, Guard::speaking, Guard::coolDown),
          RemediationRules::patience);

  /** The mildest first. */
  public static final List<Rung> LADDER = List.of(RECREATE);
}
