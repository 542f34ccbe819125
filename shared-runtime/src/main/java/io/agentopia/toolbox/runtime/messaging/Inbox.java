package io.agentopia.toolbox.runtime.messaging;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Remembers which events were handled, in the transaction that handles them. */
@ApplicationScoped
class Inbox {
  private final Clock clock;
  private final MessagingConfig config;

  @Inject
  Inbox(Clock clock, MessagingConfig config) {
    this.clock = clock;
    this.config = config;
  }

  /**
   * @return true when the event is new to this consumer, false when it was handled before
   */
  Uni<Boolean> add(Mutiny.Session session, UUID eventId) {
    return session
        .createNativeQuery(
            "insert into inbox (consumer, event_id, received_at) values (:consumer, :id, :now) on conflict do nothing")
        .setParameter("consumer", config.service())
        .setParameter("id", eventId)
        .setParameter("now", clock.instant())
        .executeUpdate()
        .map(rows -> rows == 1);
  }
}
