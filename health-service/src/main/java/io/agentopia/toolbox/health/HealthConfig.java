package io.agentopia.toolbox.health;

import io.agentopia.toolbox.health.rollout.Repositories;
import io.agentopia.toolbox.health.verdict.Limit;
import io.agentopia.toolbox.health.verdict.Thresholds;
import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of the health service. */
@ConfigMapping(prefix = "health")
public interface HealthConfig extends Thresholds {
  /** How often new heartbeats are taken in and due toolboxes judged. */
  @DurationMin(millis = 1)
  Duration judgeEvery();

  /**
   * How often it is stored when toolboxes were heard. Other instances know it so late, and decide
   * about a lost droplet so much later; a successor reads so much of the topic again.
   */
  @DurationMin(millis = 1)
  Duration storeHeardEvery();

  /**
   * Longest time until the row of a toolbox that says nothing new is written again, with its newest
   * figures.
   */
  @DurationMin(seconds = 1)
  Duration refreshRowsEvery();

  /** How long a heartbeat is kept in memory whose toolbox is not known yet. */
  @DurationMin(millis = 1)
  Duration keepEarlyBeats();

  /** When so many toolboxes are silent together that none of them is to blame. */
  CommonSilenceConfig commonSilence();

  /** When it is held back. */
  interface CommonSilenceConfig {
    /** So many together may be true, however few are watched. */
    @Min(0)
    int most();

    /** Or one of so many, where that is more. */
    @Min(1)
    int share();

    /** For so long verdicts are held back; and so long after one it still counts. */
    @DurationMin(millis = 1)
    Duration window();

    default Limit limit() {
      return new Limit(most(), share());
    }
  }

  /** How often rollouts of an agent's image are looked at. */
  @DurationMin(millis = 1)
  Duration rolloutEvery();

  /**
   * How long a toolbox that fell silent while its agent's image was being moved is not a failure of
   * the image: the cloud may tell yet that the droplet is lost.
   */
  @DurationMin(millis = 1)
  Duration rolloutSilence();

  /**
   * Where images of the agent may come from: references, of which tag and digest do not matter. By
   * default those that droplets boot from.
   */
  List<String> agentImages();

  /** Accounts of the platform itself: their toolboxes are canaries before those of others. */
  Optional<Set<String>> firstCanaries();

  /** When lost droplets are recreated, and when not. */
  RemediationConfig remediation();

  default Repositories repositories() {
    return Repositories.of(agentImages());
  }
}
