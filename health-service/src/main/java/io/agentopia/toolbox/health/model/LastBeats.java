package io.agentopia.toolbox.health.model;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/** When agents were heard last, by whichever instance hears them. */
public interface LastBeats {

  /**
   * The latest time at which the row's droplet may have been heard: silence that nobody could have
   * broken does not count.
   *
   * @return empty: never
   */
  Uni<Optional<Instant>> of(HealthRow row);
}
