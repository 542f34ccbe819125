package io.agentopia.toolbox.gateway.deadletter;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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

  private final Clock clock;

  @Inject
  public Troubles(Clock clock) {
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

  /** On the connection of the current session. */
  public Uni<Found> of(ToolboxView view) {
    if (ToolboxStatus.DEPROVISIONED.wire().equals(view.status)) {
      return Uni.createFrom().item(Found.NONE);
    }
    return Panache.getSession()
        .flatMap(
            session ->
                SessionSql.select(
                        session, RETRIES, view.id, view.accountId, clock.instant().atOffset(UTC))
                    .flatMap(
                        retries ->
                            SessionSql.select(
                                    session, LETTERS, view.id, view.accountId, view.generation)
                                .map(
                                    letters ->
                                        new Found(
                                            retries.stream().map(Troubles::retry).toList(),
                                            letters.stream().map(Troubles::letter).toList()))));
  }

  private static Retry retry(Object[] row) {
    return new Retry(
        (String) row[0],
        (String) row[1],
        (UUID) row[2],
        (Integer) row[3],
        (Integer) row[4],
        ((OffsetDateTime) row[5]).toInstant(),
        (String) row[6],
        (String) row[7]);
  }

  private static GivenUp letter(Object[] row) {
    return new GivenUp(
        (UUID) row[0],
        (String) row[1],
        (String) row[2],
        (UUID) row[3],
        (String) row[4],
        (String) row[5],
        ((OffsetDateTime) row[6]).toInstant());
  }
}
