package io.agentopia.toolbox.health.model;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rollouts themselves; in the caller's transaction, as all that is asked here. */
public interface Rollouts {
  Uni<List<UUID>> toLookAt();

  /** Empty when another instance is at it. */
  Uni<Optional<RolloutRow>> lockIfFree(UUID id);

  Uni<Optional<RolloutRow>> lock(UUID id);

  /** The one that is neither complete nor rolled back. */
  Uni<Optional<RolloutRow>> open();

  /** The rollout whose image is the fleet's. */
  Uni<Optional<UUID>> target();

  /** Where another is open the transaction fails, at its commit at the latest. */
  Uni<Void> add(RolloutRow row);

  Uni<Void> audit(UUID rolloutId, String action, String by, String reason, Instant at);
}
