package io.agentopia.toolbox.provisioner.work;

import static java.time.ZoneOffset.UTC;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Work that one instance does at a time: whoever holds the lease. A lease outlives a crash by its
 * length at most.
 */
@ApplicationScoped
public class Leases {
  private static final String TAKE =
      "insert into leases (name, holder, expires_at) values ($1, $2, $3) on conflict (name) do update"
          + " set holder = excluded.holder, expires_at = excluded.expires_at"
          + " where leases.holder = excluded.holder or leases.expires_at < $4";

  private static final String DONE =
      "update leases set done_at = $2 where name = $1 and (done_at is null or done_at < $2)";

  private final String me = UUID.randomUUID().toString();
  private final Pool pool;
  private final Clock clock;

  @Inject
  public Leases(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /**
   * @return whether this instance holds the lease now
   */
  public Uni<Boolean> take(String name, Duration length) {
    var now = clock.instant();
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(name, me, now.plus(length).atOffset(UTC), now.atOffset(UTC)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Whether a lease's holder, as the database names it, is this instance. */
  public boolean isMine(String holder) {
    return me.equals(holder);
  }

  /** The leased work was done at that time; other instances go by it too. */
  public Uni<Void> done(String name, Instant at) {
    return pool.preparedQuery(DONE).execute(Tuple.of(name, at.atOffset(UTC))).replaceWithVoid();
  }
}
