package io.agentopia.toolbox.health;

import io.agentopia.toolbox.health.verdict.Thresholds;
import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the health service. */
@ConfigMapping(prefix = "health")
public interface HealthConfig {
  /** Longest time without a heartbeat; three beats at the usual pace of one in 10 s. */
  Duration silence();

  /** Longest time an agent's Docker engine may be unreachable. */
  Duration dockerLost();

  /** Fullest a droplet's disk may be, percent. */
  @Min(1)
  @Max(100)
  double diskPercent();

  /** How often new heartbeats are stored and due toolboxes judged. */
  Duration judgeEvery();

  /** How long a heartbeat is kept whose toolbox is not known yet. */
  Duration keepEarlyBeats();

  default Thresholds thresholds() {
    return new Thresholds(silence(), dockerLost(), diskPercent());
  }
}
