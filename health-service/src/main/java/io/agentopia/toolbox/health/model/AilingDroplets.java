package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Lost and sick droplets at rest. Written under the lock of their toolbox's {@link HealthRow}. */
public interface AilingDroplets {
  /** So many are taken up at a time. */
  int MOST_DUE = 100;

  /** What is due, for this instance alone until the lease ends. */
  Uni<List<Key>> claim(Instant now, Duration lease);

  /**
   * @param window what began less long ago counts
   */
  Uni<Fleet> fleet(Instant now, Duration window);

  /** Null where there is none. */
  Uni<AilingDroplet> find(Key key);

  /** One that was found is none any more. */
  Uni<Void> save(AilingDroplet droplet);

  /** Those of a toolbox that an event can still change. */
  Uni<List<AilingDroplet>> unfinished(UUID toolboxId);

  /** When the toolbox's earlier droplets were to be recreated. */
  Uni<List<Instant>> recreations(UUID toolboxId, long before);

  /** Those not over, the newest first. */
  Uni<List<AilingDroplet>> open(int most);
}
