package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventEnvelope;
import io.smallrye.mutiny.Uni;

/**
 * What a service does with the events of one topic. Called inside a transaction that also records
 * the event in the inbox: what it stores and what it appends to the outbox is committed with that,
 * or not at all.
 *
 * <p>To fail for good, fail with {@link PermanentFailure}; everything else is tried again.
 */
public interface EventHandler {
  /** The topic whose events are handled, one of {@link io.agentopia.toolbox.events.Topics}. */
  String topic();

  Uni<Void> handle(EventEnvelope envelope);
}
