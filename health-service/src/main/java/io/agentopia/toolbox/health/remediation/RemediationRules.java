package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.health.verdict.Limit;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** The guards' thresholds: settings, {@code health.remediation.*}. */
public interface RemediationRules {
  /** From hearing of a lost droplet to the first decision: others lost with it are heard of. */
  @DurationMin
  Duration settle();

  /**
   * A droplet whose agent was heard less long ago is not recreated; two heartbeats and a half at
   * the usual pace of one in 10 s.
   */
  @DurationMin
  Duration silence();

  /** Most recreations of one toolbox within the window; then an alert asks for a person. */
  @Min(1)
  int most();

  /** For how long a recreation counts against its toolbox. */
  @DurationMin(millis = 1)
  Duration window();

  /**
   * Shortest time from the first recreation in the window to the second, from the second to the
   * third, …; the last one repeats.
   */
  @NotEmpty
  List<@DurationMin Duration> coolDowns();

  /** Droplets lost within this time count together, and with them all that still wait. */
  @DurationMin(millis = 1)
  Duration fleetWindow();

  /** So many droplets may be lost together in any fleet; with more, nothing is recreated. */
  @Min(1)
  int fleetMost();

  /** One droplet of so many may be lost together, where that is more than {@code fleet-most}. */
  @Min(1)
  int fleetShare();

  /** Until a remedy that nobody took up is asked for again. */
  @DurationMin(millis = 1)
  Duration patience();

  /** From one look at a loss that the breaker holds to the next. */
  @DurationMin(millis = 1)
  Duration heldLook();

  /**
   * Whether more are lost than can be true. An operator's allowance only ever lets more pass: one
   * of fewer than are usual changes nothing.
   */
  default boolean isTooMany(Fleet fleet) {
    return fleet.lost() > fleet.allowed()
        && new Limit(fleetMost(), fleetShare()).isExceeded(fleet.lost(), fleet.size());
  }

  default Duration coolDownAfter(int remedies) {
    return coolDowns().get(Math.min(remedies, coolDowns().size()) - 1);
  }
}
