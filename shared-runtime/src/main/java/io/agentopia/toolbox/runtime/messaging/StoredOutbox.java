package io.agentopia.toolbox.runtime.messaging;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventTooLargeException;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link Outbox} as a table, in the transaction of the current Panache session. */
@ApplicationScoped
public class StoredOutbox implements Outbox {
  private static final String GATHERED = "io.agentopia.toolbox.outbox";

  /** Ids are given in the order of the arrays, and that is the order of publishing. */
  private static final String INSERT =
      "insert into outbox (event_id, topic, key, headers, body, created_at)"
          + " select event_id, topic, key, headers, body, $6"
          + " from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])"
          + " with ordinality e (event_id, topic, key, headers, body, place) order by place";

  private final Clock clock;
  private final Ids ids;
  private final MessagingConfig config;

  @Inject
  public StoredOutbox(Clock clock, Ids ids, MessagingConfig config) {
    this.clock = clock;
    this.ids = ids;
    this.config = config;
  }

  @Override
  public Uni<Void> append(String traceparent, Collection<? extends Event> events) {
    try {
      return add(events.stream().map(event -> OutboxRow.of(envelope(event, traceparent))).toList());
    } catch (EventTooLargeException e) {
      return Uni.createFrom().failure(e);
    }
  }

  /**
   * From here on, until {@link #storeGathered}, what is appended on this context is kept in memory:
   * a transaction that handles many events writes all of theirs at once, at its end. What one that
   * failed has gathered is gone with its context.
   */
  void gather() {
    ContextLocals.put(GATHERED, new ArrayList<OutboxRow>());
  }

  /** Writes what was gathered, in the order in which it was appended. */
  Uni<Void> storeGathered(Mutiny.Session session) {
    var gathered = ContextLocals.<List<OutboxRow>>get(GATHERED, List.of());
    ContextLocals.remove(GATHERED);
    return insert(session, gathered);
  }

  private Uni<Void> add(List<OutboxRow> rows) {
    var gathered = ContextLocals.<List<OutboxRow>>get(GATHERED, null);
    if (gathered != null) {
      gathered.addAll(rows);
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession().flatMap(session -> insert(session, rows));
  }

  @Override
  public EventEnvelope envelope(Event event, String traceparent) {
    return new EventEnvelope(
        ids.next(), "/" + config.service(), clock.instant(), Trace.child(traceparent), event);
  }

  @Override
  public Uni<Void> giveUp(
      String traceparent, Event wish, Failure failure, int attempts, Instant firstFailure) {
    var envelope = envelope(wish, traceparent);
    var wire = EventCodec.encode(envelope);
    var headers =
        Delivery.givenUp(
            wire.headers(), wire.topic(), attempts, firstFailure, failure, clock.instant());
    var topic = Topics.deadLetters(config.service(), wire.topic());
    return add(List.of(OutboxRow.of(envelope.id(), topic, wire, headers)));
  }

  private Uni<Void> insert(Mutiny.Session session, List<OutboxRow> rows) {
    return rows.isEmpty()
        ? Uni.createFrom().voidItem()
        : SessionSql.update(
                session,
                INSERT,
                column(rows, OutboxRow::eventId, UUID[]::new),
                column(rows, OutboxRow::topic, String[]::new),
                column(rows, OutboxRow::key, String[]::new),
                column(rows, OutboxRow::headers, String[]::new),
                column(rows, OutboxRow::body, String[]::new),
                clock.instant().atOffset(UTC))
            .replaceWithVoid();
  }

  private static <T> T[] column(
      List<OutboxRow> rows, Function<OutboxRow, T> of, IntFunction<T[]> array) {
    return rows.stream().map(of).toArray(array);
  }
}
