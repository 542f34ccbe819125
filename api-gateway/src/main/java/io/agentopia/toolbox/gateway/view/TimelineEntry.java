package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.runtime.http.Cursor;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** One stage a toolbox has reached, and when. */
@Entity
@Table(name = "toolbox_timeline")
public class TimelineEntry {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public Long id;

  @Column(name = "toolbox_id")
  public UUID toolboxId;

  public long generation;
  public String stage;
  public Instant at;
  public String detail;

  @Column(name = "log_tail")
  public String logTail;

  /** Where a page ends that ends with it. */
  public Cursor<Long> cursor() {
    return new Cursor<>(at, id);
  }

  public static TimelineEntry of(
      UUID toolboxId, long generation, ToolboxFold.Stage stage, Instant at) {
    var entry = new TimelineEntry();
    entry.toolboxId = toolboxId;
    entry.generation = generation;
    entry.stage = stage.name();
    entry.at = at;
    entry.detail = stage.detail();
    entry.logTail = stage.logTail();
    return entry;
  }
}
