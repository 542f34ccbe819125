package io.agentopia.toolbox.deployer.store;

import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.Droplet;
import io.agentopia.toolbox.deployer.toolbox.Fences;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.events.ToolboxStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code toolboxes}. */
@Entity
@Table(name = "toolboxes")
public class ToolboxRow {
  @Id UUID id;

  @Column(name = "account_id")
  String accountId;

  @Column(name = "owner_known")
  boolean ownerKnown;

  String status;
  long generation;
  boolean healthy;

  @Column(name = "manifest_generation")
  long manifestGeneration;

  /** Of the manifest that was published last. */
  @Column(name = "told_generation")
  long toldGeneration;

  long sequence;

  @Column(name = "lifecycle_sequence")
  long lifecycleSequence;

  @Column(name = "health_sequence")
  long healthSequence;

  @Column(name = "report_sequence")
  long reportSequence;

  @Column(name = "reported_at")
  Instant reportedAt;

  @Version long version;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  Toolbox toToolbox() {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        createdAt,
        ToolboxStatus.fromWire(status),
        new Droplet(generation, healthy),
        new Fences(lifecycleSequence, healthSequence, reportSequence, reportedAt),
        manifestGeneration,
        sequence);
  }

  void take(Decision.Decided decided, Instant now) {
    var toolbox = decided.toolbox();
    accountId = toolbox.accountId();
    ownerKnown = toolbox.ownerKnown();
    status = toolbox.status().wire();
    generation = toolbox.droplet().generation();
    healthy = toolbox.droplet().healthy();
    manifestGeneration = toolbox.manifestGeneration();
    decided.manifest().ifPresent(told -> toldGeneration = told.manifestGeneration());
    sequence = toolbox.sequence();
    lifecycleSequence = toolbox.seen().lifecycle();
    healthSequence = toolbox.seen().health();
    reportSequence = toolbox.seen().report();
    reportedAt = toolbox.seen().reportedAt();
    updatedAt = now;
  }
}
