package io.agentopia.toolbox.health.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.health.remediation.LostDroplet;
import io.agentopia.toolbox.health.remediation.Situation.Fleet;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Lost droplets at rest. */
@ApplicationScoped
public class LostDroplets implements PanacheRepositoryBase<LostDropletRow, LostDropletRow.Key> {
  /** So many are taken up at a time. */
  public static final int MOST_DUE = 100;

  /** The due time moves on by the lease: after a crash the loss is taken up again that late. */
  private static final String CLAIM =
      """
      update lost_droplets set due_at = $1
       where (toolbox_id, generation) in (
         select toolbox_id, generation from lost_droplets
          where due_at <= $2 order by due_at limit $3 for update skip locked)
      returning toolbox_id, generation""";

  /**
   * Losses that still wait count however old they are: with a token of another account nobody would
   * be any wiser after the window. The lost ones are counted to the fleet as long as they count.
   */
  private static final String FLEET =
      """
      with counted as (
        select toolbox_id from lost_droplets where lost_at > $1 or state = 'open')
      select (select count(*) from counted) as lost,
             (select count(*) from toolbox_health h
               where h.status <> 'unknown'
                  or h.toolbox_id in (select toolbox_id from counted)) as size,
             coalesce((select up_to from remediation_allowances
               where allowed_until > $2 order by id desc limit 1), 0) as allowed""";

  private final Pool pool;

  @Inject
  public LostDroplets(Pool pool) {
    this.pool = pool;
  }

  /** What is due, for this instance alone until the lease ends. */
  public Uni<List<LostDropletRow.Key>> claim(Instant now, Duration lease) {
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(now.plus(lease).atOffset(UTC), now.atOffset(UTC), MOST_DUE))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new LostDropletRow.Key(row.getUUID(0), row.getLong(1)))
                    .toList());
  }

  /**
   * @param window losses less old count
   */
  public Uni<Fleet> fleet(Instant now, Duration window) {
    return pool.preparedQuery(FLEET)
        .execute(Tuple.of(now.minus(window).atOffset(UTC), now.atOffset(UTC)))
        .map(
            rows -> {
              var row = rows.iterator().next();
              return new Fleet(
                  row.getLong("lost").intValue(),
                  row.getLong("size").intValue(),
                  row.getInteger("allowed"));
            });
  }

  public Uni<Void> add(LostDroplet loss) {
    return persist(LostDropletRow.of(loss)).replaceWithVoid();
  }

  /** Losses of a toolbox that an event can still change. */
  public Uni<List<LostDropletRow>> unfinished(UUID toolboxId) {
    return list("toolboxId = ?1 and (state <> 'over' or alertId is not null)", toolboxId);
  }

  /** When the toolbox's earlier droplets were to be recreated. */
  public Uni<List<Instant>> remedies(UUID toolboxId, long before) {
    return list("toolboxId = ?1 and generation < ?2 and askedAt is not null", toolboxId, before)
        .map(rows -> rows.stream().map(row -> row.askedAt).toList());
  }

  /** Those not over, the newest first. */
  public Uni<List<LostDropletRow>> open(int most) {
    return find("state <> 'over' order by lostAt desc").page(0, most).list();
  }
}
