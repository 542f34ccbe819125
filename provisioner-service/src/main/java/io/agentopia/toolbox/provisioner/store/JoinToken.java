package io.agentopia.toolbox.provisioner.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/**
 * A single-use token, bound to one toolbox and generation, and to the first nonce it was shown
 * with.
 */
@Entity
@Table(name = "join_tokens")
public class JoinToken {
  @Id public String hash;

  @Column(name = "toolbox_id")
  public UUID toolboxId;

  public long generation;

  @Column(name = "expires_at")
  public Instant expiresAt;

  public String nonce;

  @Column(name = "used_at")
  public Instant usedAt;

  @Column(name = "created_at")
  public Instant createdAt;
}
