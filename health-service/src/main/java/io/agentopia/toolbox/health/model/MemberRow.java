package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.health.rollout.Phase;
import io.agentopia.toolbox.health.rollout.Phase.Failed;
import io.agentopia.toolbox.health.rollout.Phase.LeftOut;
import io.agentopia.toolbox.health.rollout.Phase.Moved;
import io.agentopia.toolbox.health.rollout.Phase.Proved;
import io.agentopia.toolbox.health.rollout.Phase.Requested;
import io.agentopia.toolbox.health.rollout.Phase.Returned;
import io.agentopia.toolbox.health.rollout.Phase.Returning;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A droplet that a rollout asked. A toolbox that gets a new droplet is another member. */
@Entity
@Table(name = "agent_rollout_member")
public class MemberRow {
  @Id public UUID id;

  @Column(name = "rollout_id")
  public UUID rolloutId;

  @Column(name = "toolbox_id")
  public UUID toolboxId;

  @Column(name = "account_id")
  public String accountId;

  public long generation;
  public boolean canary;

  /** What its heartbeats said before it was asked. */
  @Column(name = "from_image")
  public String fromImage;

  @Column(name = "from_version")
  public String fromVersion;

  public String phase;
  public Instant since;

  @Column(name = "healthy_since")
  public Instant healthySince;

  @Column(name = "failed_before")
  public boolean failedBefore;

  /** Why it failed or was left out. */
  public String reason;

  public Phase phase() {
    return switch (phase) {
      case "requested" -> new Requested(since, failedBefore);
      case "moved" -> new Moved(since, healthySince);
      case "proved" -> new Proved(since);
      case "failed" -> new Failed(since, reason);
      case "left_out" -> new LeftOut(since, reason);
      case "returning" -> new Returning(since);
      case "returned" -> new Returned(since);
      default -> throw new IllegalStateException("member " + id + " is in phase " + phase);
    };
  }

  /** What it failed for stays known when it returns. */
  public void phase(Phase next) {
    phase = next.name();
    since = next.since();
    switch (next) {
      case Requested p -> failedBefore = p.failedBefore();
      case Moved p -> healthySince = p.healthySince();
      case Failed p -> reason = p.reason();
      case LeftOut p -> reason = p.reason();
      case Proved p -> {}
      case Returning p -> {}
      case Returned p -> {}
    }
  }
}
