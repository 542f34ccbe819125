package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Asked;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.AilingDroplet.State;
import io.agentopia.toolbox.health.remediation.Ailment;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** A {@link AilingDroplet} at rest. Written under the lock of its toolbox's {@link HealthRow}. */
@Entity
@Table(name = "lost_droplets")
@IdClass(Key.class)
public class AilingDropletRow {
  @Id
  @Column(name = "toolbox_id")
  public UUID toolboxId;

  @Id public long generation;

  @Column(name = "lost_at")
  public Instant lostAt;

  /** What it is: the code of the reason. */
  public String ailment;

  public String state;

  @Column(name = "asked_at")
  public Instant askedAt;

  /** What was asked for then; null of what an earlier release asked: to recreate it. */
  public String remedy;

  @Column(name = "alert_id")
  public UUID alertId;

  @Column(name = "due_at")
  public Instant dueAt;

  static AilingDropletRow of(AilingDroplet droplet) {
    var row = new AilingDropletRow();
    row.toolboxId = droplet.key().toolboxId();
    row.generation = droplet.key().generation();
    row.write(droplet);
    return row;
  }

  public AilingDroplet toDroplet() {
    return new AilingDroplet(
        new Key(toolboxId, generation),
        Ailment.of(new HealthReason(ailment)),
        lostAt,
        State.valueOf(state.toUpperCase(Locale.ROOT)),
        asked(),
        alertId,
        dueAt);
  }

  private Asked asked() {
    return askedAt == null
        ? null
        : new Asked(remedy == null ? Remedy.RECREATE_DROPLET : new Remedy(remedy), askedAt);
  }

  public void write(AilingDroplet droplet) {
    lostAt = droplet.since();
    ailment = droplet.ailment().reason().wire();
    state = droplet.state().name().toLowerCase(Locale.ROOT);
    askedAt = droplet.asked() == null ? null : droplet.asked().at();
    remedy = droplet.asked() == null ? null : droplet.asked().remedy().wire();
    alertId = droplet.alert();
    dueAt = droplet.dueAt();
  }
}
