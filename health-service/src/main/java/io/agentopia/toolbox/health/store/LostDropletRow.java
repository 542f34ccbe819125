package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.remediation.LostDroplet;
import io.agentopia.toolbox.health.remediation.LostDroplet.Alert;
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

  @Column(name = "alert_cause")
  public String alertCause;

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
    var alert = alertId == null ? null : new Alert(alertId, Alert.Cause.valueOf(upper(alertCause)));
    return new LostDroplet(
        toolboxId, generation, lostAt, State.valueOf(upper(state)), askedAt, alert, dueAt);
  }

  public void write(LostDroplet loss) {
    lostAt = loss.since();
    state = lower(loss.state());
    askedAt = loss.askedAt();
    alertId = loss.alert() == null ? null : loss.alert().id();
    alertCause = loss.alert() == null ? null : lower(loss.alert().cause());
    dueAt = loss.dueAt();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
