package io.agentopia.toolbox.health;

import io.agentopia.toolbox.health.remediation.RemediationRules;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of healing, {@code health.remediation.*}. */
public interface RemediationConfig extends RemediationRules {
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
}
