package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.health.rollout.Rollout;
import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.agentopia.toolbox.health.rollout.Rollout.Complete;
import io.agentopia.toolbox.health.rollout.Rollout.Halted;
import io.agentopia.toolbox.health.rollout.Rollout.RolledBack;
import io.agentopia.toolbox.health.rollout.Rollout.Rolling;
import io.agentopia.toolbox.health.rollout.Rollout.RollingBack;
import io.agentopia.toolbox.health.rollout.RolloutRequest;
import io.agentopia.toolbox.health.rollout.Settings;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A rollout at rest. Without a version: whoever writes it holds its lock. */
@Entity
@Table(name = "agent_rollout")
public class RolloutRow {
  @Id public UUID id;

  @Column(name = "image_version")
  public String imageVersion;

  /** References by digest, a JSON list. */
  public String images;

  public String digest;
  public int canaries;

  @Column(name = "bake_seconds")
  public long bakeSeconds;

  @Column(name = "deadline_seconds")
  public long deadlineSeconds;

  @Column(name = "at_once")
  public int atOnce;

  @Column(name = "max_failures")
  public int maxFailures;

  /** How many toolboxes could be asked when it was started. */
  public int fleet;

  public String state;

  /** Where a halted one goes on. */
  public String resumes;

  /** Why it is in its state. */
  public String reason;

  public Instant since;

  @Column(name = "started_by")
  public String startedBy;

  @Column(name = "started_at")
  public Instant startedAt;

  public static RolloutRow of(UUID id, RolloutRequest wish, int fleet, String by, Instant now) {
    var settings = wish.settings(fleet);
    var row = new RolloutRow();
    row.id = id;
    row.imageVersion = wish.version();
    row.images = Stored.json(wish.images());
    row.digest = wish.digest();
    row.canaries = settings.canaries();
    row.bakeSeconds = settings.bake().toSeconds();
    row.deadlineSeconds = settings.deadline().toSeconds();
    row.atOnce = settings.atOnce();
    row.maxFailures = settings.maxFailures();
    row.fleet = fleet;
    row.startedBy = by;
    row.startedAt = now;
    row.state(new Canary(), wish.reason(), now);
    return row;
  }

  public Rollout state() {
    return switch (state) {
      case "halted" -> new Halted(open(resumes));
      case "complete" -> new Complete();
      case "rolling_back" -> new RollingBack();
      case "rolled_back" -> new RolledBack();
      default -> open(state);
    };
  }

  private static Rollout open(String name) {
    return name.equals("rolling") ? new Rolling() : new Canary();
  }

  /** Why it went back stays known when it is back. */
  public void state(Rollout next, String why, Instant now) {
    state = next.name();
    resumes = next instanceof Halted h ? h.resumes().name() : null;
    reason = next instanceof RolledBack ? reason : why;
    since = now;
  }

  public Settings settings() {
    return new Settings(
        canaries,
        Duration.ofSeconds(bakeSeconds),
        Duration.ofSeconds(deadlineSeconds),
        atOnce,
        maxFailures);
  }

  public List<String> images() {
    return List.of(Stored.read(images, String[].class));
  }
}
