package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * What a service does with the events of one topic. Called inside a transaction that also records
 * the event in the inbox: what it stores and what it appends to the outbox is committed with that,
 * or not at all. Because of that it must have no effect outside the transaction; {@link Rehearsal}
 * relies on it too.
 *
 * <p>To fail for good, fail with {@link PermanentFailure}; everything else is tried again.
 */
public interface EventHandler {
  /** The topic whose events are handled, one of {@link io.agentopia.toolbox.events.Topics}. */
  String topic();

  /**
   * Whether events of this type can change anything here. One that cannot opens no transaction and
   * leaves no trace, not even in the inbox. Only for types that {@link #handle} ignores whatever is
   * stored, so that no fence rests on them.
   */
  default boolean isOfUse(Class<? extends Event> type) {
    return true;
  }

  Uni<Void> handle(EventEnvelope envelope);

  /**
   * What {@link #handle} would do now, in the words of the business; called inside a transaction
   * that is rolled back. Empty: what can be seen of a rehearsal has to do.
   */
  default Uni<Optional<Preview>> preview(EventEnvelope envelope) {
    return Uni.createFrom().item(Optional.empty());
  }
}
