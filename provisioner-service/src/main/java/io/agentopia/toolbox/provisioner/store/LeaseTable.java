package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.work.Leases;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** {@link Leases} as rows, taken by whoever writes first. */
@ApplicationScoped
public class LeaseTable implements Leases {
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
  public LeaseTable(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  @Override
  public Uni<Boolean> take(String name, Duration length) {
    var now = clock.instant();
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(name, me, now.plus(length).atOffset(UTC), now.atOffset(UTC)))
        .map(rows -> rows.rowCount() == 1);
  }

  @Override
  public boolean isMine(String holder) {
    return me.equals(holder);
  }

  @Override
  public Uni<Void> done(String name, Instant at) {
    return pool.preparedQuery(DONE).execute(Tuple.of(name, at.atOffset(UTC))).replaceWithVoid();
  }
}
