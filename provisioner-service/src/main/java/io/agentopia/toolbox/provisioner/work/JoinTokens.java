package io.agentopia.toolbox.provisioner.work;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.UUID;

/** The single-use secrets that droplets are made with. Only hashes are kept. */
public interface JoinTokens {

  /** In the unit of work under way. */
  Uni<Void> add(String token, UUID toolboxId, long generation, Instant now, Instant expiresAt);
}
