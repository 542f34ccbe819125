package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.work.JoinTokens;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.UUID;

/** Join tokens at rest: only their hashes. */
@ApplicationScoped
public class JoinTokenTable implements JoinTokens, PanacheRepositoryBase<JoinToken, String> {

  @Override
  public Uni<Void> add(
      String token, UUID toolboxId, long generation, Instant now, Instant expiresAt) {
    var row = new JoinToken();
    row.hash = Secrets.hash(token);
    row.toolboxId = toolboxId;
    row.generation = generation;
    row.createdAt = now;
    row.expiresAt = expiresAt;
    return persist(row).replaceWithVoid();
  }

  /**
   * Locked until the end of the transaction: two who come with one token are taken one after the
   * other.
   */
  public Uni<JoinToken> findLocked(String token) {
    return findById(Secrets.hash(token), LockModeType.PESSIMISTIC_WRITE);
  }
}
