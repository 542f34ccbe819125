package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Topics;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What a service does with the events of one topic. Called inside a transaction that also records
 * the event in the inbox: what it stores and what it appends to the outbox is committed with that,
 * or not at all. Because of that it must have no effect outside the transaction; {@link Rehearsal}
 * relies on it too.
 *
 * <p>To fail for good, fail with {@link PermanentFailure}; everything else is tried again.
 */
public interface EventHandler<E extends Event> {
  /** Of the events that belong on the topic; any other is a dead letter. */
  Class<E> type();

  /** The topic whose events are handled. */
  default String topic() {
    return Topics.of(type());
  }

  /**
   * Whether events of this type can change anything here. One that cannot opens no transaction and
   * leaves no trace, not even in the inbox. Only for types that {@link #handle} ignores whatever is
   * stored, so that no fence rests on them.
   */
  default boolean isOfUse(Class<? extends Event> type) {
    return true;
  }

  /**
   * @param event what {@code envelope} holds
   */
  Uni<Void> handle(E event, EventEnvelope envelope);

  /**
   * Several events are about to be handled, one after the other in this session's transaction: what
   * {@link #handle} will look for by id can be read here at once. It may be left out; rows that are
   * locked are locked by their ids' order, as everywhere.
   */
  default Uni<Void> prepare(Mutiny.Session session, Collection<E> events) {
    return Uni.createFrom().voidItem();
  }

  /**
   * The handling of an event with this key has ended, well or not, and its transaction with it: for
   * what shall follow a commit soon. Correctness cannot rest on it.
   */
  default void ended(String key) {}

  /**
   * What {@link #handle} would do now, in the words of the business; called inside a transaction
   * that is rolled back. Empty: what can be seen of a rehearsal has to do.
   */
  default Uni<Optional<Preview>> preview(E event) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * The event, if it belongs on this topic.
   *
   * @throws PermanentFailure {@code wrong_topic} where it does not
   */
  default E own(EventEnvelope envelope) {
    if (!type().isInstance(envelope.event())) {
      throw new PermanentFailure(
          "wrong_topic",
          envelope.event().getClass().getSimpleName() + " does not belong on " + topic());
    }
    return type().cast(envelope.event());
  }
}
