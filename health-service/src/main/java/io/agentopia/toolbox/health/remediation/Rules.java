package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.health.remediation.Situation.Fleet;
import java.time.Duration;
import java.util.List;

/**
 * The guards' thresholds.
 *
 * @param settle from hearing of a loss to the first decision: others lost with it are heard of
 * @param silence an agent heard less long ago speaks for its droplet
 * @param most remedies of one toolbox within {@code window}
 * @param coolDowns after the first remedy in the window, after the second, …; the last one repeats
 * @param fleetWindow losses less old count together
 * @param fleetMost so many may be lost together in any fleet
 * @param fleetShare one of so many may be lost together, where that is more
 * @param patience until a remedy nobody took up is asked for again
 * @param heldLook from one look at a held loss to the next
 */
public record Rules(
    Duration settle,
    Duration silence,
    int most,
    Duration window,
    List<Duration> coolDowns,
    Duration fleetWindow,
    int fleetMost,
    int fleetShare,
    Duration patience,
    Duration heldLook) {

  public Rules {
    coolDowns = List.copyOf(coolDowns);
  }

  /**
   * Whether more are lost than can be true. An operator's allowance only ever lets more pass: one
   * of fewer than are usual changes nothing.
   */
  public boolean isTooMany(Fleet fleet) {
    var most = Math.max(fleetMost, fleet.size() / fleetShare);
    return fleet.lost() > Math.max(fleet.allowed(), most);
  }

  Duration coolDownAfter(int remedies) {
    return coolDowns.get(Math.min(remedies, coolDowns.size()) - 1);
  }
}
