package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.remediation.LostDroplet;
import io.agentopia.toolbox.health.remediation.LostDroplet.State;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** A {@link LostDroplet} at rest. Written under the lock of its toolbox's {@link HealthRow}. */
@Entity
@Table(name = "lost_droplets")
@IdClass(LostDropletRow.Key.class)
public class LostDropletRow {
  @Id
  @Column(name = "toolbox_id")
  public UUID toolboxId;

  @Id public long generation;

  @Column(name = "lost_at")
  public Instant lostAt;

  public String state;

  @Column(name = "asked_at")
  public Instant askedAt;

  @Column(name = "alert_id")
  public UUID alertId;

  @Column(name = "due_at")
  public Instant dueAt;

  public record Key(UUID toolboxId, long generation) {}

  static LostDropletRow of(LostDroplet loss) {
    var row = new LostDropletRow();
    row.toolboxId = loss.toolboxId();
    row.generation = loss.generation();
    row.write(loss);
    return row;
  }

  public LostDroplet toLoss() {
    return new LostDroplet(
        toolboxId,
        generation,
        lostAt,
        State.valueOf(state.toUpperCase(Locale.ROOT)),
        askedAt,
        alertId,
        dueAt);
  }

  public void write(LostDroplet loss) {
    lostAt = loss.since();
    state = loss.state().name().toLowerCase(Locale.ROOT);
    askedAt = loss.askedAt();
    alertId = loss.alert();
    dueAt = loss.dueAt();
  }
}
