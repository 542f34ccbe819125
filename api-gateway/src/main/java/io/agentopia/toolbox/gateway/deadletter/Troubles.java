package io.agentopia.toolbox.gateway.deadletter;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.toolbox.ToolboxView;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What about a toolbox, or one of its tools, waits to be tried again or was given up. Only events
 * that its own account is behind: anybody can write a toolbox id into an event.
 */
@ApplicationScoped
public class Troubles {
  private static final String RETRIES =
      "select service, event_type, tool_instance_id, attempt, attempts, next_at, code, cause"
          + " from event_retries where toolbox_id = $1 and account_id = $2 and next_at > $3"
          + " order by next_at";

  /**
   * A letter about an earlier droplet than the one that is there now is of no interest any more.
   */
  private static final String LETTERS =
      "select id, service, event_type, tool_instance_id, code, cause, last_failure_at from dead_letters"
          + " where toolbox_id = $1 and account_id = $2 and state = 'new'"
          + " and (generation = 0 or generation >= $3) order by received_at limit 20";

  private final Pool pool;
  private final Clock clock;

  @Inject
  public Troubles(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "EventRetry", description = "Attempt `attempt` of `of` follows at `nextAt`.")
  public record Retry(
      String service,
      String eventType,
      UUID toolInstanceId,
      int attempt,
      int of,
      Instant nextAt,
      String code,
      String cause) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "GivenUpEvent", description = "An operator can replay it.")
  public record GivenUp(
      UUID id,
      String service,
      String eventType,
      UUID toolInstanceId,
      String code,
      String cause,
      Instant failedAt) {}

  public record Found(List<Retry> retries, List<GivenUp> deadLetters) {
    public static final Found NONE = new Found(List.of(), List.of());

    public Found ofTool(UUID toolInstanceId) {
      return new Found(
          retries.stream().filter(r -> Objects.equals(r.toolInstanceId(), toolInstanceId)).toList(),
          deadLetters.stream()
              .filter(l -> Objects.equals(l.toolInstanceId(), toolInstanceId))
              .toList());
    }
  }

  public Uni<Found> of(ToolboxView view) {
    if (ToolboxStatus.DEPROVISIONED.wire().equals(view.status)) {
      return Uni.createFrom().item(Found.NONE);
    }
    var retries =
        pool.preparedQuery(RETRIES)
            .execute(Tuple.of(view.id, view.accountId, clock.instant().atOffset(UTC)))
            .map(rows -> list(rows, Troubles::retry));
    var letters =
        pool.preparedQuery(LETTERS)
            .execute(Tuple.of(view.id, view.accountId, view.generation))
            .map(rows -> list(rows, Troubles::letter));
    return Uni.combine().all().unis(retries, letters).with(Found::new);
  }

  private static Retry retry(Row row) {
    return new Retry(
        row.getString("service"),
        row.getString("event_type"),
        row.getUUID("tool_instance_id"),
        row.getInteger("attempt"),
        row.getInteger("attempts"),
        Letter.instant(row, "next_at"),
        row.getString("code"),
        row.getString("cause"));
  }

  private static GivenUp letter(Row row) {
    return new GivenUp(
        row.getUUID("id"),
        row.getString("service"),
        row.getString("event_type"),
        row.getUUID("tool_instance_id"),
        row.getString("code"),
        row.getString("cause"),
        Letter.instant(row, "last_failure_at"));
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> each) {
    return StreamSupport.stream(rows.spliterator(), false).map(each).toList();
  }
}
