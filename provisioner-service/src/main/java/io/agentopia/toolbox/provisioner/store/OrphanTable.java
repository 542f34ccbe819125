package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Kept;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.State;
import io.agentopia.toolbox.provisioner.work.OrphanDroplets;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** {@link OrphanDroplets} as rows, and what operators see of them. */
@ApplicationScoped
public class OrphanTable implements OrphanDroplets {
  private static final int MOST_SHOWN = 500;
  private static final String KEPT =
      "select droplet_id, state, first_seen, deleted_at from orphan_droplets"
          + " where state = 'quarantined' or droplet_id = any ($1)";
  private static final String QUARANTINE =
      "insert into orphan_droplets (droplet_id, name, tags, reason, state, first_seen, changed_at)"
          + " values ($1, $2, $3, $4, 'quarantined', $5, $5) on conflict (droplet_id) do update set"
          + " name = excluded.name, tags = excluded.tags, reason = excluded.reason, state = excluded.state,"
          + " first_seen = excluded.first_seen, changed_at = excluded.changed_at, deleted_at = null"
          + " where orphan_droplets.state in ('released', 'gone')";
  private static final String BECOME =
      "update orphan_droplets set state = $2, changed_at = $3,"
          + " deleted_at = case when $2 = 'deleted' then $3 else deleted_at end where droplet_id = $1";
  private static final String SHOW =
      "select droplet_id, name, tags, reason, state, first_seen, changed_at, deleted_at"
          + " from orphan_droplets order by changed_at desc limit "
          + MOST_SHOWN;

  private final Pool pool;
  private final Clock clock;

  @Inject
  public OrphanTable(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /**
   * @param state quarantined, deleted, released, or gone
   * @param deletedAt null unless we deleted it
   */
  public record Shown(
      long dropletId,
      String name,
      List<String> tags,
      String reason,
      String state,
      Instant firstSeen,
      Instant changedAt,
      Instant deletedAt) {}

  @Override
  public Uni<List<Kept>> kept(Collection<Long> dropletIds) {
    return pool.preparedQuery(KEPT)
        .execute(Tuple.of(dropletIds.toArray(Long[]::new)))
        .map(
            rows ->
                Rows.all(
                    rows,
                    row ->
                        new Kept(
                            row.getLong("droplet_id"),
                            State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                            Rows.instant(row, "first_seen"),
                            Rows.instant(row, "deleted_at"))));
  }

  @Override
  public Uni<Void> quarantine(Listed droplet, String reason) {
    var tags = String.join(" ", droplet.tags().stream().sorted().toList());
    return pool.preparedQuery(QUARANTINE)
        .execute(Tuple.of(droplet.id(), droplet.name(), tags, reason, now()))
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> become(long dropletId, State state) {
    return pool.preparedQuery(BECOME)
        .execute(Tuple.of(dropletId, state.name().toLowerCase(Locale.ROOT), now()))
        .replaceWithVoid();
  }

  /** The latest first. */
  public Uni<List<Shown>> shown() {
    return pool.query(SHOW).execute().map(rows -> Rows.all(rows, OrphanTable::shown));
  }

  private static Shown shown(Row row) {
    return new Shown(
        row.getLong("droplet_id"),
        row.getString("name"),
        List.of(row.getString("tags").split(" ")),
        row.getString("reason"),
        row.getString("state"),
        Rows.instant(row, "first_seen"),
        Rows.instant(row, "changed_at"),
        Rows.instant(row, "deleted_at"));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(UTC);
  }
}
