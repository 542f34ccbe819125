package io.agentopia.toolbox.health;

import io.agentopia.toolbox.health.remediation.Rules;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of healing, {@code health.remediation.*}. */
public interface RemediationConfig {
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

  /** How often due losses are looked for. */
  @DurationMin(millis = 1)
  Duration lookEvery();

  /** After so long a loss is taken up again that an instance took up and did not finish. */
  @DurationMin(millis = 1)
  Duration lease();

  /** How long an operator's allowance to heal more than the breaker would holds. */
  @DurationMin(millis = 1)
  Duration allowance();

  /** How long it is remembered what was lost, once that is over. */
  @DurationMin(millis = 1)
  Duration keep();

  default Rules rules() {
    return new Rules(
        settle(),
        silence(),
        most(),
        window(),
        coolDowns(),
        fleetWindow(),
        fleetMost(),
        fleetShare(),
        patience(),
        heldLook());
  }
}
