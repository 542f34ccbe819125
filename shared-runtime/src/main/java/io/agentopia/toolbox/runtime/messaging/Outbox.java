package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
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
import java.util.Collection;
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

  private Uni<Integer> insert(Mutiny.Session session, EventEnvelope envelope) {
    WireEvent wire = EventCodec.encode(envelope);
    return session
        .createNativeQuery(
            "insert into outbox (event_id, topic, key, headers, body, created_at)"
                + " values (:id, :topic, :key, :headers, :body, :now)")
        .setParameter("id", envelope.id())
        .setParameter("topic", wire.topic())
        .setParameter("key", wire.key())
        .setParameter("headers", json(wire))
        .setParameter("body", new String(wire.body(), StandardCharsets.UTF_8))
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  private static String json(WireEvent wire) {
    try {
      return JSON.writeValueAsString(wire.headers());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the headers of an event as JSON", e);
    }
  }
}
