package io.agentopia.toolbox.health.verdict;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;

/** What the checks hold signals against: settings, {@code health.*}. */
public interface Thresholds {
  /** Longest time without a heartbeat; three beats at the usual pace of one in 10 s. */
  @DurationMin(millis = 1)
  Duration silence();

  /** Longest time an agent's Docker engine may be unreachable. */
  @DurationMin(millis = 1)
  Duration dockerLost();

  /** Most that may be used up, percent, by the name of its check; others are as shipped. */
  Map<String, @Min(1) @Max(100) Double> most();
}
