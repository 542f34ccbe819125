package io.agentopia.toolbox.health.rollout;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One toolbox's way from an image to another, and what it is given for it.
 *
 * @param from digest of the image it came from
 * @param to digest of the image it shall run from
 * @param silence how long a silent toolbox is not yet a failed one: its droplet may be lost, which
 *     is not the image's fault and takes the cloud longer to tell
 * @param listeningSince since when no heartbeat was missed: no deadline passes while nobody hears
 */
public record Move(
    long generation,
    String from,
    String to,
    Duration bake,
    Duration deadline,
    Duration silence,
    Instant listeningSince) {

  /** Why nothing can be learned from this toolbox any more. */
  Optional<String> isOver(AgentObservation seen) {
    if (seen.generation() != generation) {
      return Optional.of("its droplet was replaced");
    }
    if (seen.health() instanceof Unwatched) {
      return Optional.of("it is being deleted or replaced");
    }
    return seen.isLost() ? Optional.of("its droplet was lost") : Optional.empty();
  }

  boolean isOverdue(Instant since, Instant now) {
    var start = since.isAfter(listeningSince) ? since : listeningSince;
    return !now.isBefore(start.plus(deadline));
  }

  boolean mayBeLost(Degraded health, Instant now) {
    return health.reason().equals(HealthReason.HEARTBEAT_MISSING)
        && now.isBefore(health.since().plus(silence));
  }
}
