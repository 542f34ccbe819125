package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;

/**
 * Events leave a service only through here: stored with the state that makes them true, published
 * after the commit.
 */
public interface Outbox {

  /**
   * Appends the events in order to the current transaction. Fails with {@link
   * io.agentopia.toolbox.events.EventTooLargeException} where no topic would take one: what is
   * stored can be published.
   *
   * @param traceparent of what caused them, or null
   */
  Uni<Void> append(String traceparent, Collection<? extends Event> events);

  /** An event with the attributes this service gives it. */
  EventEnvelope envelope(Event event, String traceparent);

  /**
   * Gives up on a wish that was accepted before and could not be fulfilled: a dead letter of this
   * service, in the current transaction. Replayed, it is a new wish with an id of its own.
   *
   * @param attempts made at it
   */
  Uni<Void> giveUp(
      String traceparent, Event wish, Failure failure, int attempts, Instant firstFailure);
}
