package io.agentopia.toolbox.gateway.deadletter;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.messaging.Delivery;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Dead letters at rest, with the audit of what was done to them. */
@ApplicationScoped
public class LetterStore {
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};
  private static final String INSERT =
      "insert into dead_letters (id, state, service, topic, position, source, event_id, event_type,"
          + " toolbox_id, account_id, tool_instance_id, generation, code, cause, stack, unreadable,"
          + " attempts, first_failure_at, last_failure_at, trace_id, key, headers, body, received_at)"
          + " values ($1, 'new', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
          + " $17, $18, $19, $20, $21, $22, $23) on conflict (id) do nothing";

  /**
   * In the order in which the letters came; {@code update ... returning} has none. What waits
   * behind an earlier letter of its toolbox, from the same consumer, waits for it.
   */
  private static final String CLAIM =
      "with due as (select id, publish_at as turn, received_at from dead_letters l where publish_at"
          + " <= $2 and not exists (select 1 from dead_letters e where e.publish_at > $2 and"
          + " e.key = l.key and e.service = l.service and e.topic = l.topic and"
          + " (e.received_at, e.id) < (l.received_at, l.id))"
          + " order by publish_at, received_at, id limit $3 for update skip locked),"
          + " claimed as (update dead_letters l set publish_at = $1 from due where l.id = due.id"
          + " returning l.id, l.service, l.topic, l.key, l.headers, l.body, due.turn, due.received_at)"
          + " select id, service, topic, key, headers, body from claimed order by turn, received_at, id";

  private static final String AUDIT =
      "insert into dead_letter_audit (letter_id, action, by, reason, at)"
          + " select unnest($1::uuid[]), $2, $3, $4, $5";

  private final Pool pool;
  private final Clock clock;

  @Inject
  public LetterStore(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /** What is published again: the record, and where to. */
  public record Parcel(
      UUID id,
      String service,
      String topic,
      String key,
      Map<String, String> headers,
      byte[] body) {}

  /** Keeps a letter; one that is kept already changes nothing. */
  public Uni<Void> add(Failed failed) {
    var id = failed.letterId();
    return pool.withTransaction(
        c ->
            c.preparedQuery(INSERT)
                .execute(values(id, failed))
                .flatMap(
                    rows ->
                        rows.rowCount() == 0
                            ? Uni.createFrom().voidItem()
                            : forgetRetry(c, failed)
                                .flatMap(
                                    x ->
                                        audit(
                                            c,
                                            List.of(id),
                                            "received",
                                            failed.owner().service(),
                                            null))));
  }

  private Tuple values(UUID id, Failed f) {
    var now = clock.instant();
    return Tuple.tuple(
        new ArrayList<>(
            java.util.Arrays.asList(
                id,
                f.owner().service(),
                f.owner().topic(),
                f.position(),
                f.header(Delivery.SOURCE, null),
                f.header(EventCodec.ID),
                f.eventType(),
                f.toolboxId().orElse(null),
                f.accountId(),
                f.toolInstanceId().orElse(null),
                f.generation(),
                f.header(Delivery.CODE, "unknown"),
                f.header(Delivery.CAUSE, "no cause was noted"),
                f.header(Delivery.STACK, null),
                f.unreadable(),
                f.number(Delivery.ATTEMPT, 1),
                f.time(Delivery.FIRST_FAILURE, now).atOffset(UTC),
                f.time(Delivery.LAST_FAILURE, now).atOffset(UTC),
                f.traceId(),
                f.key(),
                json(f.headers()),
                Buffer.buffer(f.body()),
                now.atOffset(UTC))));
  }

  private static Uni<Void> forgetRetry(SqlClient c, Failed f) {
    return c.preparedQuery("delete from event_retries where service = $1 and event_id = $2")
        .execute(Tuple.of(f.owner().service(), f.header(EventCodec.ID)))
        .replaceWithVoid();
  }

  /** Youngest first, after {@code cursor}. */
  public Uni<List<Letter>> page(LetterFilter filter, Cursor<UUID> cursor, int limit) {
    var condition = filter.condition();
    var values = new ArrayList<>(condition.values());
    values.add(cursor.at().atOffset(UTC));
    values.add(cursor.key());
    values.add(limit);
    var n = condition.values().size();
    return pool.preparedQuery(
            "select "
                + Letter.COLUMNS
                + " from dead_letters where "
                + condition.sql()
                + " and (received_at, id) < ($%d, $%d) order by received_at desc, id desc limit $%d"
                    .formatted(n + 1, n + 2, n + 3))
        .execute(Tuple.tuple(values))
        .map(rows -> Rows.all(rows, Letter::of));
  }

  public Uni<Optional<Letter>> find(UUID id) {
    return pool.preparedQuery("select " + Letter.COLUMNS + " from dead_letters where id = $1")
        .execute(Tuple.of(id))
        .map(rows -> Rows.all(rows, Letter::of).stream().findFirst());
  }

  public Uni<Letter.Details> details(Letter letter) {
    return Uni.combine()
        .all()
        .unis(parcels(List.of(letter.id())), audit(letter.id()))
        .with(
            (parcels, audit) ->
                new Letter.Details(
                    letter,
                    parcels.getFirst().headers(),
                    Failed.bodyText(parcels.getFirst().body()),
                    audit));
  }

  /** The letters a filter means, oldest first: as they are to be replayed. */
  public Uni<List<Letter>> matching(LetterFilter filter, int limit) {
    var condition = filter.condition();
    return pool.preparedQuery(
            "select %s from dead_letters where %s order by received_at, id limit %d"
                .formatted(Letter.COLUMNS, condition.sql(), limit))
        .execute(Tuple.tuple(condition.values()))
        .map(rows -> Rows.all(rows, Letter::of));
  }

  public Uni<List<Parcel>> parcels(List<UUID> ids) {
    return pool.preparedQuery(
            "select id, service, topic, key, headers, body from dead_letters where id = any($1)"
                + " order by received_at, id")
        .execute(Tuple.of(ids.toArray(UUID[]::new)))
        .map(rows -> Rows.all(rows, LetterStore::parcel));
  }

  /**
   * Marks letters as replayed; each is published when its turn comes.
   *
   * @param perSecond how many at most
   * @return those that were marked: not one that was discarded in the meantime
   */
  public Uni<Integer> replay(List<UUID> ids, int perSecond, String by, String reason) {
    var now = clock.instant().atOffset(UTC);
    return pool.withTransaction(
        c ->
            c.preparedQuery(
                    "with turn as (select id, n from unnest($1::uuid[]) with ordinality t(id, n))"
                        + " update dead_letters d set state = 'replayed', replayed_at = $2::timestamptz,"
                        + " publish_at = $2::timestamptz + (turn.n - 1) * interval '1 second' / $3::int"
                        + " from turn where d.id = turn.id and d.state <> 'discarded'")
                .execute(Tuple.of(ids.toArray(UUID[]::new), now, perSecond))
                .map(RowSet::rowCount)
                .call(x -> audit(c, ids, "replayed", by, reason)));
  }

  public Uni<Integer> discard(List<UUID> ids, String by, String reason) {
    return pool.withTransaction(
        c ->
            c.preparedQuery(
                    "update dead_letters set state = 'discarded', discarded_at = $2, publish_at = null"
                        + " where id = any($1) and state <> 'discarded'")
                .execute(Tuple.of(ids.toArray(UUID[]::new), clock.instant().atOffset(UTC)))
                .map(RowSet::rowCount)
                .call(x -> audit(c, ids, "discarded", by, reason)));
  }

  /**
   * Claims letters whose turn it is; each comes back after {@code lease} unless {@link #published}.
   */
  public Uni<List<Parcel>> claimDue(int limit, Instant leasedUntil) {
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(leasedUntil.atOffset(UTC), clock.instant().atOffset(UTC), limit))
        .map(rows -> Rows.all(rows, LetterStore::parcel));
  }

  public Uni<Void> published(UUID id) {
    return pool.withTransaction(
        c ->
            c.preparedQuery("update dead_letters set publish_at = null where id = $1")
                .execute(Tuple.of(id))
                .flatMap(x -> audit(c, List.of(id), "published", "api-gateway", null)));
  }

  private Uni<Void> audit(SqlClient c, List<UUID> ids, String action, String by, String reason) {
    return c.preparedQuery(AUDIT)
        .execute(
            Tuple.of(ids.toArray(UUID[]::new), action, by, reason, clock.instant().atOffset(UTC)))
        .replaceWithVoid();
  }

  private Uni<List<Letter.Action>> audit(UUID id) {
    return pool.preparedQuery(
            "select action, by, reason, at from dead_letter_audit where letter_id = $1 order by id")
        .execute(Tuple.of(id))
        .map(
            rows ->
                Rows.all(
                    rows,
                    r ->
                        new Letter.Action(
                            r.getString("action"),
                            r.getString("by"),
                            r.getString("reason"),
                            Rows.instant(r, "at"))));
  }

  private static Parcel parcel(Row row) {
    try {
      return new Parcel(
          row.getUUID("id"),
          row.getString("service"),
          row.getString("topic"),
          row.getString("key"),
          JSON.readValue(row.getString("headers"), HEADERS),
          row.get(Buffer.class, "body").getBytes());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the stored headers of dead letter " + row.getUUID("id") + " cannot be read", e);
    }
  }

  private static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write headers as JSON", e);
    }
  }
}
