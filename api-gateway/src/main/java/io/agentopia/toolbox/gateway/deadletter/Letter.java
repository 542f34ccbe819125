package io.agentopia.toolbox.gateway.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A dead letter as operators are shown it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DeadLetter", description = "An event that a service gave up on.")
public record Letter(
    UUID id,
    @Schema(description = "new, replayed or discarded") String state,
    @Schema(description = "the consumer that gave up") String service,
    @Schema(description = "the topic it was to be handled from") String topic,
    String eventId,
    String eventType,
    UUID toolboxId,
    String accountId,
    UUID toolInstanceId,
    long generation,
    @Schema(description = "stable, for programs") String code,
    String cause,
    @Schema(description = "where in the code, one line") String stack,
    @Schema(description = "why no replay can help; absent where one may") String unreadable,
    int attempts,
    Instant firstFailureAt,
    Instant lastFailureAt,
    String traceId,
    @Schema(description = "topic/partition/offset it came from") String source,
    @Schema(description = "topic/partition/offset of the dead letter") String position,
    Instant receivedAt,
    @Schema(description = "when it is published on the replay topic; absent once it is")
        Instant publishAt,
    Instant replayedAt,
    Instant discardedAt,
    @Schema(description = "the letter of the same event that was replayed before this one came")
        UUID failedBefore,
    @Schema(description = "the letter that came of replaying this one: it failed again")
        UUID failedAgain) {

  /** Letters of the same event from the same consumer, next to this one in the order they came. */
  private static final String NEIGHBOUR =
      "(select n.id from dead_letters n where n.event_id = dead_letters.event_id"
          + " and n.service = dead_letters.service and n.topic = dead_letters.topic"
          + " and (n.received_at, n.id) %s (dead_letters.received_at, dead_letters.id)"
          + " order by n.received_at %s, n.id %2$s limit 1) as %s";

  static final String COLUMNS =
      "id, state, service, topic, event_id, event_type, toolbox_id, account_id, tool_instance_id,"
          + " generation, code, cause, stack, unreadable, attempts, first_failure_at,"
          + " last_failure_at, trace_id, source, position, received_at, publish_at, replayed_at,"
          + " discarded_at, "
          + NEIGHBOUR.formatted("<", "desc", "failed_before")
          + ", "
          + NEIGHBOUR.formatted(">", "asc", "failed_again");

  /** One letter with all that is known of it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DeadLetterDetails")
  public record Details(
      Letter letter,
      Map<String, String> headers,
      @Schema(description = "the event's body; absent where it is no UTF-8 text") String body,
      List<Action> audit) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DeadLetterAction")
  public record Action(String action, String by, String reason, Instant at) {}

  static Letter of(Row row) {
    return new Letter(
        row.getUUID("id"),
        row.getString("state"),
        row.getString("service"),
        row.getString("topic"),
        row.getString("event_id"),
        row.getString("event_type"),
        row.getUUID("toolbox_id"),
        row.getString("account_id"),
        row.getUUID("tool_instance_id"),
        row.getLong("generation"),
        row.getString("code"),
        row.getString("cause"),
        row.getString("stack"),
        row.getString("unreadable"),
        row.getInteger("attempts"),
        Rows.instant(row, "first_failure_at"),
        Rows.instant(row, "last_failure_at"),
        row.getString("trace_id"),
        row.getString("source"),
        row.getString("position"),
        Rows.instant(row, "received_at"),
        Rows.instant(row, "publish_at"),
        Rows.instant(row, "replayed_at"),
        Rows.instant(row, "discarded_at"),
        row.getUUID("failed_before"),
        row.getUUID("failed_again"));
  }
}
