package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Replays of events that the broker refused: each takes its old place in the outbox, ahead of the
 * later ones of its toolbox that still wait, and is published under its own id. One that is not
 * refused any more changes nothing, so twice is as good as once.
 */
@ApplicationScoped
public class RefusedEvents {
  private static final Logger LOG = Logger.getLogger(RefusedEvents.class);
  private static final String AGAIN =
      "with again as (update outbox set refused_at = null where event_id = $1 and refused_at is not"
          + " null returning id) select count(*), pg_notify('outbox', '') from again";
  private static final String IS_REFUSED =
      "select topic from outbox where event_id = $1 and refused_at is not null";

  private final Pool pool;

  @Inject
  public RefusedEvents(Pool pool) {
    this.pool = pool;
  }

  /**
   * Waits for the database as long as it takes: the topic holds nothing but an operator's wishes.
   */
  @Incoming("outbox-replay")
  public Uni<Void> replay(ConsumerRecord<?, byte[]> record) {
    var id = eventId(Delivery.of(record).headers());
    return id.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .deferred(() -> pool.preparedQuery(AGAIN).execute(Tuple.of(id.get())))
            .onFailure()
            .invoke(e -> LOG.warnf("replay waits: eventId=%s cause=%s", id.get(), e))
            .onFailure()
            .retry()
            .withBackOff(Duration.ofMillis(500), Duration.ofSeconds(10))
            .indefinitely()
            .invoke(
                rows ->
                    LOG.infof(
                        "refused event published again: eventId=%s events=%d",
                        id.get(), rows.iterator().next().getLong(0)))
            .replaceWithVoid();
  }

  /** What a replay would do now. */
  Uni<Preview> preview(Map<String, String> headers) {
    var id = eventId(headers);
    return id.isEmpty()
        ? Uni.createFrom().item(Preview.unreadable("the letter has no event id"))
        : pool.preparedQuery(IS_REFUSED)
            .execute(Tuple.of(id.get()))
            .map(
                rows ->
                    rows.size() == 0
                        ? Preview.nothingToDo(
                            "already done: event " + id.get() + " does not stand aside any more")
                        : Preview.wouldAct(
                            "would publish event "
                                + id.get()
                                + " to "
                                + rows.iterator().next().getString(0)
                                + " once more"));
  }

  private static Optional<UUID> eventId(Map<String, String> headers) {
    try {
      return Optional.ofNullable(headers.get(EventCodec.ID)).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
