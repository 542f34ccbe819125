package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventTypes;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.events.UnreadableEventException;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Says what a replay would do: the real handler at work in a transaction that is rolled back. So a
 * dry run cannot promise anything else than what a replay does.
 */
@ApplicationScoped
public class Rehearsal {
  private static final String WRITES =
      "coalesce((select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_xact_user_tables), 0)";

  private final Map<String, EventHandler<?>> handlers;
  private final Inbox inbox;
  private final RefusedEvents refused;

  @Inject
  public Rehearsal(@All List<EventHandler<?>> handlers, Inbox inbox, RefusedEvents refused) {
    this.handlers = handlers.stream().collect(Collectors.toMap(EventHandler::topic, h -> h));
    this.inbox = inbox;
    this.refused = refused;
  }

  /**
   * @param topic the event was to be handled from; {@link Topics#OUTBOX} where it never got onto
   *     one
   */
  public Uni<Preview> of(String topic, Map<String, String> headers, byte[] body) {
    if (topic.equals(Topics.OUTBOX)) {
      return refused.preview(headers);
    }
    var handler = handlers.get(topic);
    if (handler == null) {
      return Uni.createFrom()
          .item(Preview.wouldFail("nothing here handles events of topic " + topic + " any more"));
    }
    try {
      return rehearse(handler, EventCodec.decode(headers, body));
    } catch (UnreadableEventException e) {
      return Uni.createFrom().item(Preview.unreadable(e.getMessage()));
    }
  }

  private <E extends Event> Uni<Preview> rehearse(EventHandler<E> handler, EventEnvelope envelope) {
    if (!handler.isOfUse(envelope.event().getClass())) {
      return Uni.createFrom()
          .item(
              Preview.nothingToDo(
                  "this service has no use for " + EventTypes.of(envelope.event()) + " any more"));
    }
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .flatMap(session -> inbox.add(session, envelope.id()))
                    .flatMap(isNew -> isNew ? play(handler, envelope) : alreadyDone(envelope))
                    .call(Rehearsal::rollBack))
        .onFailure()
        .recoverWithItem(thrown -> wouldFail(Failure.of(thrown)));
  }

  private static Uni<Preview> alreadyDone(EventEnvelope envelope) {
    return Uni.createFrom()
        .item(Preview.nothingToDo("already done: event " + envelope.id() + " was handled before"));
  }

  private static <E extends Event> Uni<Preview> play(
      EventHandler<E> handler, EventEnvelope envelope) {
    return handler
        .preview(handler.own(envelope))
        .flatMap(
            told ->
                told.map(preview -> Uni.createFrom().item(preview))
                    .orElseGet(() -> watch(handler, envelope)));
  }

  private static <E extends Event> Uni<Preview> watch(
      EventHandler<E> handler, EventEnvelope envelope) {
    return Panache.getSession()
        .flatMap(
            session ->
                mark(session)
                    .flatMap(
                        before ->
                            handler
                                .handle(handler.own(envelope), envelope)
                                .flatMap(x -> session.flush())
                                .flatMap(x -> seenSince(session, before))))
        .map(seen -> seen.asPreview(envelope.event().toolboxId()));
  }

  /**
   * Where this transaction stands.
   *
   * @param outboxId highest there is
   * @param writes rows inserted, updated and deleted by this connection and not reported yet
   */
  private record Mark(long outboxId, long writes) {}

  private record Seen(List<String> headers, long writes) {
    Preview asPreview(UUID toolboxId) {
      var about = " toolbox " + toolboxId;
      if (!headers.isEmpty()) {
        var types = headers.stream().map(Rehearsal::type).flatMap(Optional::stream).toList();
        return Preview.wouldAct("would publish " + String.join(", ", types) + " about" + about);
      }
      return writes > 0
          ? Preview.wouldAct("would bring what is stored of" + about + " up to date")
          : Preview.nothingToDo("would change nothing about" + about + ": it is done, or stale");
    }
  }

  private static Uni<Mark> mark(Mutiny.Session session) {
    return session
        .createNativeQuery(
            "select coalesce((select max(id) from outbox), 0), " + WRITES, Object[].class)
        .getSingleResult()
        .map(row -> new Mark(((Number) row[0]).longValue(), ((Number) row[1]).longValue()));
  }

  private static Uni<Seen> seenSince(Mutiny.Session session, Mark before) {
    return session
        .createNativeQuery(
            "select headers from outbox where id > :before and cast(cast(xmin as text) as bigint) ="
                + " mod(cast(cast(pg_current_xact_id() as text) as bigint), 4294967296) order by id",
            String.class)
        .setParameter("before", before.outboxId())
        .getResultList()
        .flatMap(
            headers ->
                mark(session).map(after -> new Seen(headers, after.writes() - before.writes())));
  }

  private static Optional<String> type(String headers) {
    return EventTypes.all().entrySet().stream()
        .filter(type -> headers.contains("\"" + type.getKey() + "\""))
        .map(type -> type.getValue().getSimpleName())
        .findFirst();
  }

  private static Preview wouldFail(Failure failure) {
    return Preview.wouldFail("would fail again: " + failure.code() + ": " + failure.message());
  }

  private static Uni<Void> rollBack() {
    return Panache.currentTransaction()
        .invoke(Mutiny.Transaction::markForRollback)
        .replaceWithVoid();
  }
}
