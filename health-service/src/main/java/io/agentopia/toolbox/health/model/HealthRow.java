package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.health.verdict.Finding;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.verdict.Watch;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/**
 * What is known of one toolbox's health. Its version rises with each change of state; heartbeats
 * and findings are noted without, and only when they say anything new: when it was heard last is
 * known to the instance that hears it, and stands in {@link HeartbeatPartitions}.
 */
@Entity
@Table(name = "toolbox_health")
@DynamicUpdate // heartbeats are stored beside Hibernate, and must not be written back as they were
public class HealthRow {
  @Id
  @Column(name = "toolbox_id")
  public UUID toolboxId;

  @Column(name = "account_id")
  public String accountId;

  public long generation;
  public String status;
  public String reason;
  public String message;
  public Instant since;

  @Column(name = "watched_since")
  public Instant watchedSince;

  /** The generation whose agent was announced healthy last. */
  @Column(name = "announced_generation")
  public long announcedGeneration;

  @Column(name = "docker_lost_at")
  public Instant dockerLostAt;

  /** Of {@link #lastHeartbeat}; others were heard since that said nothing new. */
  @Column(name = "last_heartbeat_at")
  public Instant lastHeartbeatAt;

  /** The newest heartbeat that was stored, as its event's JSON; {@link #heartbeatText} has it. */
  @Column(name = "last_heartbeat")
  public String lastHeartbeat;

  /** The image that the newest heartbeat names. */
  @Column(name = "agent_image")
  public String agentImage;

  @Column(name = "agent_digest")
  public String agentDigest;

  /** What the newest heartbeat says of the agent's move to another image, as JSON. */
  @Column(name = "agent_upgrade")
  public String agentUpgrade;

  /** Since when the cloud does not know the droplet any more. */
  @Column(name = "droplet_lost_at")
  public Instant dropletLostAt;

  public String findings;

  /**
   * When the instance that hears the toolbox has to look at the row at the latest: at once after an
   * event, else to write it afresh. When time alone can change the verdict is in its memory.
   */
  @Column(name = "look_again_at")
  public Instant lookAgainAt;

  public long sequence;

  @Column(name = "lifecycle_sequence")
  public long lifecycleSequence;

  @Version public long version;

  @Column(name = "updated_at")
  public Instant updatedAt;

  /** {@link #lastHeartbeat} once it was read, so that it is read once. */
  @Transient private AgentHeartbeat heartbeat;

  /** The newest heartbeat, or null. */
  public AgentHeartbeat heartbeat() {
    if (heartbeat == null && lastHeartbeat != null) {
      heartbeat = Stored.read(lastHeartbeat, AgentHeartbeat.class);
    }
    return heartbeat;
  }

  /**
   * The newest heartbeat as it is stored, or null: written when it is, not with each that comes.
   */
  public String heartbeatText() {
    if (lastHeartbeat == null && heartbeat != null) {
      lastHeartbeat = Stored.json(heartbeat);
    }
    return lastHeartbeat;
  }

  /** As they were stored last. */
  public List<Finding> findings() {
    return findings == null ? List.of() : List.of(Stored.read(findings, Finding[].class));
  }

  /** Takes in a heartbeat of this generation, unless a later one is known. */
  public void hear(AgentHeartbeat newest, Instant at) {
    if (newest.generation() != generation
        || lastHeartbeatAt != null && lastHeartbeatAt.isAfter(at)) {
      return;
    }
    heartbeat = newest;
    lastHeartbeat = null;
    lastHeartbeatAt = at;
    agentImage = newest.agentImage();
    agentDigest = ImageDigest.of(newest.agentImage());
    agentUpgrade = newest.upgrade() == null ? null : Stored.json(newest.upgrade());
    if (newest.dockerReachable()) {
      dockerLostAt = null;
    } else if (dockerLostAt == null) {
      dockerLostAt = at;
    }
  }

  public Health health() {
    return health(status, since, reason, message);
  }

  public static Health health(String status, Instant since, String reason, String message) {
    return switch (status) {
      case "starting" -> new Starting(since);
      case "healthy" -> new Healthy(since);
      case "degraded" -> new Degraded(since, new HealthReason(reason), message);
      default -> new Unwatched();
    };
  }

  /** As an event, numbered as the row is. */
  public HealthRecovered recovered(long degradedSeconds) {
    return new HealthRecovered(
        new Subject(toolboxId, accountId, generation, sequence), degradedSeconds);
  }

  /** As {@link #recovered}. */
  public HealthDegraded degraded(Degraded verdict, List<ToolboxHealth.Finding> took) {
    return new HealthDegraded(
        new Subject(toolboxId, accountId, generation, sequence),
        verdict.reason(),
        verdict.message(),
        verdict.since(),
        took);
  }

  public Watch watch() {
    return new Watch(generation, lifecycleSequence, watchedSince, health());
  }

  /** What was known of an earlier droplet is forgotten. */
  public void watch(Watch watch, Instant now) {
    if (watch.generation() > generation) {
      heartbeat = null;
      lastHeartbeat = null;
      lastHeartbeatAt = null;
      dockerLostAt = null;
      agentImage = null;
      agentDigest = null;
      agentUpgrade = null;
      dropletLostAt = null;
      findings = null;
    }
    generation = watch.generation();
    lifecycleSequence = watch.lifecycleSequence();
    watchedSince = watch.since();
    if (!watch.health().equals(health())) {
      health(watch.health(), now);
      lookAgainAt = now;
    }
    if (watch.health() instanceof Unwatched) {
      lookAgainAt = null;
    }
  }

  public void health(Health health, Instant now) {
    status = health.name();
    switch (health) {
      case Unwatched h -> standing(now, null, null);
      case Starting h -> standing(h.since(), null, null);
      case Healthy h -> standing(h.since(), null, null);
      case Degraded h -> standing(h.since(), h.reason().wire(), h.message());
    }
    updatedAt = now;
  }

  private void standing(Instant since, String reason, String message) {
    this.since = since;
    this.reason = reason;
    this.message = message;
  }
}
