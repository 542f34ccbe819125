package io.agentopia.toolbox.health.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.AilingDroplet.State;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.runtime.sql.Rows;
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

/** {@link AilingDroplets} as a table, which is called after those that are lost. */
@ApplicationScoped
public class StoredAilingDroplets
    implements AilingDroplets, PanacheRepositoryBase<AilingDropletRow, Key> {
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
  public StoredAilingDroplets(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<List<Key>> claim(Instant now, Duration lease) {
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(now.plus(lease).atOffset(UTC), now.atOffset(UTC), MOST_DUE))
        .map(rows -> Rows.all(rows, row -> new Key(row.getUUID(0), row.getLong(1))));
  }

  @Override
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

  @Override
  public Uni<AilingDroplet> find(Key key) {
    return findById(key).map(row -> row == null ? null : row.toDroplet());
  }

  @Override
  public Uni<Void> save(AilingDroplet droplet) {
    return findById(droplet.key()).flatMap(row -> save(row, droplet));
  }

  private Uni<Void> save(AilingDropletRow row, AilingDroplet droplet) {
    if (row == null) {
      return persist(AilingDropletRow.of(droplet)).replaceWithVoid();
    }
    row.write(droplet);
    return droplet.state() == State.FOUND ? delete(row) : Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<AilingDroplet>> unfinished(UUID toolboxId) {
    return list("toolboxId = ?1 and (state <> 'over' or alertId is not null)", toolboxId)
        .map(StoredAilingDroplets::droplets);
  }

  @Override
  public Uni<List<Instant>> recreations(UUID toolboxId, long before) {
    return list(
            "toolboxId = ?1 and generation < ?2 and askedAt is not null"
                + " and (remedy is null or remedy = ?3)",
            toolboxId,
            before,
            Remedy.RECREATE_DROPLET.wire())
        .map(rows -> rows.stream().map(row -> row.askedAt).toList());
  }

  @Override
  public Uni<List<AilingDroplet>> open(int most) {
    return find("state <> 'over' order by lostAt desc")
        .page(0, most)
        .list()
        .map(StoredAilingDroplets::droplets);
  }

  private static List<AilingDroplet> droplets(List<AilingDropletRow> rows) {
    return rows.stream().map(AilingDropletRow::toDroplet).toList();
  }
}
