package io.agentopia.toolbox.health.remediation;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * All that a decision rests on.
 *
 * @param remedies when each earlier droplet of the toolbox was to be recreated
 * @param lastBeat of the lost droplet's own agent, or null
 */
public record Situation(
    LostDroplet loss, Collection<Instant> remedies, Instant lastBeat, Fleet fleet) {

  /**
   * @param lost droplets that are lost and not replaced, or were lost within the fleet's window
   * @param size toolboxes with a droplet, the lost ones included
   * @param allowed how many an operator allows to be lost together at present; 0 if none spoke
   */
  public record Fleet(int lost, int size, int allowed) {}

  List<Instant> remediesSince(Instant begin) {
    return remedies.stream().filter(at -> at.isAfter(begin)).sorted().toList();
  }
}
