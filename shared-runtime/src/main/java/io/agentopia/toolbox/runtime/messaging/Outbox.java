package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.events.WireEvent;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Events leave a service only through here: stored with the state that makes them true, published
 * after the commit.
 */
@ApplicationScoped
public class Outbox {
  private static final ObjectMapper JSON = EventCodec.mapper();
  private final Clock clock;
  private final Ids ids;
  private final MessagingConfig config;

  @Inject
  public Outbox(Clock clock, Ids ids, MessagingConfig config) {
    this.clock = clock;
    this.ids = ids;
    this.config = config;
  }

  /**
   * Appends the events in order to the current transaction (the current Panache session's).
   *
   * @param traceparent of what caused them, or null
   */
  public Uni<Void> append(String traceparent, Collection<? extends Event> events) {
    return Panache.getSession().flatMap(session -> append(session, traceparent, events));
  }

  private Uni<Void> append(
      Mutiny.Session session, String traceparent, Collection<? extends Event> events) {
    return Multi.createFrom()
        .iterable(events)
        .onItem()
        .transformToUniAndConcatenate(event -> insert(session, envelope(event, traceparent)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** An event with the attributes this service gives it. */
  public EventEnvelope envelope(Event event, String traceparent) {
    return new EventEnvelope(
        ids.next(), "/" + config.service(), clock.instant(), Trace.child(traceparent), event);
  }

  /**
   * Gives up on a wish that was accepted before and could not be fulfilled: a dead letter of this
   * service, in the current transaction. Replayed, it is a new wish with an id of its own.
   *
   * @param attempts made at it
   */
  public Uni<Void> giveUp(
      String traceparent, Event wish, Failure failure, int attempts, Instant firstFailure) {
    var envelope = envelope(wish, traceparent);
    var wire = EventCodec.encode(envelope);
    var headers = new LinkedHashMap<>(wire.headers());
    headers.put(Delivery.SOURCE, wire.topic());
    headers.put(Delivery.ATTEMPT, Integer.toString(attempts));
    headers.put(Delivery.FIRST_FAILURE, firstFailure.toString());
    headers.put(Delivery.LAST_FAILURE, clock.instant().toString());
    headers.put(Delivery.CODE, failure.code());
    headers.put(Delivery.CAUSE, failure.message());
    var topic = Topics.deadLetters(config.service(), wire.topic());
    return Panache.getSession()
        .flatMap(s -> insert(s, envelope.id(), topic, wire.key(), headers, text(wire)))
        .replaceWithVoid();
  }

  private Uni<Integer> insert(Mutiny.Session session, EventEnvelope envelope) {
    WireEvent wire = EventCodec.encode(envelope);
    return insert(session, envelope.id(), wire.topic(), wire.key(), wire.headers(), text(wire));
  }

  private Uni<Integer> insert(
      Mutiny.Session session,
      UUID eventId,
      String topic,
      String key,
      Map<String, String> headers,
      String body) {
    return session
        .createNativeQuery(
            "insert into outbox (event_id, topic, key, headers, body, created_at)"
                + " values (:id, :topic, :key, :headers, :body, :now)")
        .setParameter("id", eventId)
        .setParameter("topic", topic)
        .setParameter("key", key)
        .setParameter("headers", json(headers))
        .setParameter("body", body)
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  private static String text(WireEvent wire) {
    return new String(wire.body(), StandardCharsets.UTF_8);
  }

  private static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the headers of an event as JSON", e);
    }
  }
}
