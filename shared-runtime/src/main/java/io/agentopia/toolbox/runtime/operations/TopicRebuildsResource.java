package io.agentopia.toolbox.runtime.operations;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Publishes once more what the outbox still holds of a topic, each event under its own id: for a
 * topic that was lost. Consumers that have had an event find it in their inbox.
 */
@Cancellable(false)
@Path("/internal/topic-rebuilds")
@Produces("application/json")
@Consumes("application/json")
public class TopicRebuildsResource {
  private static final Logger LOG = Logger.getLogger(TopicRebuildsResource.class);
  private static final String WHICH =
      " from outbox where topic = $1 and created_at >= $2 and created_at < $3"
          + " and ($4::text is null or key = $4) and published_at is not null";
  private static final String FIND = "select count(*), min(created_at), max(created_at)" + WHICH;
  private static final String AGAIN =
      "update outbox set published_at = null where id in (select id" + WHICH + ")";

  /**
   * @param from oldest to be published, or null for all there are
   * @param to youngest, not included, or null for all there are
   * @param toolboxId only of this toolbox, or null
   */
  public record Rebuild(
      String topic,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable UUID toolboxId,
      boolean dryRun) {}

  public record Rebuilt(
      String topic, long events, @Nullable Instant oldest, @Nullable Instant youngest) {}

  @Inject Pool pool;

  @POST
  public Uni<Rebuilt> rebuild(Rebuild wish) {
    var which =
        Tuple.of(
            wish.topic(),
            (wish.from() == null ? Instant.EPOCH : wish.from()).atOffset(UTC),
            (wish.to() == null ? Instant.parse("9999-01-01T00:00:00Z") : wish.to()).atOffset(UTC),
            wish.toolboxId() == null ? null : wish.toolboxId().toString());
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(FIND)
                .execute(which)
                .map(rows -> found(wish.topic(), rows.iterator().next()))
                .call(
                    found ->
                        wish.dryRun()
                            ? Uni.createFrom().voidItem()
                            : connection.preparedQuery(AGAIN).execute(which))
                .invoke(found -> LOG.infof("topic rebuilt: wish=%s found=%s", wish, found)));
  }

  private static Rebuilt found(String topic, Row row) {
    return new Rebuilt(
        topic,
        row.getLong(0),
        Rows.instant(row.getOffsetDateTime(1)),
        Rows.instant(row.getOffsetDateTime(2)));
  }
}
