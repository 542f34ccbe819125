package io.agentopia.toolbox.runtime.messaging;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Remembers which events were handled, in the transaction that handles them. */
@ApplicationScoped
class Inbox {
  private static final String ADD =
      "insert into inbox (consumer, event_id, received_at)"
          + " select $1, id, $2 from unnest($3::uuid[]) id on conflict do nothing returning event_id";

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
    return addAll(session, List.of(eventId)).map(added -> !added.isEmpty());
  }

  /**
   * @return those that are new to this consumer
   */
  Uni<Set<UUID>> addAll(Mutiny.Session session, Collection<UUID> eventIds) {
    return SessionSql.select(
            session,
            ADD,
            config.service(),
            clock.instant().atOffset(UTC),
            eventIds.toArray(UUID[]::new))
        .map(rows -> rows.stream().map(row -> (UUID) row[0]).collect(Collectors.toSet()));
  }
}
