package io.agentopia.toolbox.gateway.deadletter;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.runtime.messaging.Delivery;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;

/** Which events about a toolbox wait for their next attempt. */
@ApplicationScoped
public class RetryStore {
  private static final String NOTE =
      "insert into event_retries (service, event_id, event_type, toolbox_id, account_id,"
          + " tool_instance_id, attempt, attempts, next_at, code, cause)"
          + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
          + " on conflict (service, event_id) do update set attempt = excluded.attempt,"
          + " next_at = excluded.next_at, code = excluded.code, cause = excluded.cause"
          + " where excluded.attempt > event_retries.attempt";

  private final Pool pool;
  private final Clock clock;

  @Inject
  public RetryStore(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  Uni<Void> note(Failed f) {
    var next = f.time(Delivery.DUE_AT, Instant.EPOCH);
    var isTold =
        f.toolboxId().isPresent()
            && f.accountId() != null
            && f.header(EventCodec.ID) != null
            && next.isAfter(clock.instant());
    if (!isTold) {
      return Uni.createFrom().voidItem();
    }
    var values =
        Arrays.<Object>asList(
            f.owner().service(),
            f.header(EventCodec.ID),
            f.eventType(),
            f.toolboxId().get(),
            f.accountId(),
            f.toolInstanceId().orElse(null),
            f.number(Delivery.ATTEMPT, 1),
            f.number(Delivery.OF, 1),
            next.atOffset(UTC),
            f.header(Delivery.CODE, "unknown"),
            f.header(Delivery.CAUSE, "no cause was noted"));
    return pool.preparedQuery(NOTE).execute(Tuple.tuple(values)).replaceWithVoid();
  }
}
