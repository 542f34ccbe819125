package io.agentopia.toolbox.health.remediation;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * All that a decision rests on.
 *
 * @param recreations when each earlier droplet of the toolbox was to be recreated
 * @param lastBeat of the ailing droplet's own agent, or null
 */
public record RemediationContext(
    AilingDroplet droplet, Collection<Instant> recreations, Instant lastBeat, Fleet fleet) {

  /**
   * @param lost droplets that ail and are not replaced, or began to within the fleet's window
   * @param size toolboxes with a droplet, the lost ones included
   * @param allowed how many an operator allows to be lost together at present; 0 if none spoke
   */
  public record Fleet(int lost, int size, int allowed) {}

  List<Instant> recreationsSince(Instant begin) {
    return recreations.stream().filter(at -> at.isAfter(begin)).sorted().toList();
  }
}
