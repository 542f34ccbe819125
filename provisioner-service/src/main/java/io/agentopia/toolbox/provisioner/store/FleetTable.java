package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.Owner;
import io.agentopia.toolbox.provisioner.fleet.WatchPace.Standing;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Booting;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Unresponsive;
import io.agentopia.toolbox.provisioner.work.Fleet;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** {@link Fleet} by plain SQL: projections, no entities and no session. */
@ApplicationScoped
public class FleetTable implements Fleet {
  /** In Booting next_at is the deadline for the address, so it says when the droplet was made. */
  private static final String WATCH =
      "with lease as (select holder, expires_at, coalesce(done_at, 'epoch') as last_look from leases where name = $2),"
          + " last as (select coalesce((select last_look from lease), 'epoch') as look),"
          + " on_their_way as (select next_at - make_interval(secs => $1) as made,"
          + " case when agent_port is not null then updated_at end as spoke from account_tool_environments"
          + " where state_type = 'Booting') select (select holder from lease) as leader,"
          + " (select expires_at from lease) as led_until, (select look from last) as last_look,"
          + " exists (select 1 from account_tool_environments where droplet_id is not null) as has_any,"
          + " min(made) filter (where made > (select look from last)) as oldest_unseen,"
          + " max(made) filter (where made <= (select look from last)) as youngest_seen,"
          + " max(spoke) as last_spoke from on_their_way";

  private static final String WATCHED =
      "select id, droplet_id, ipv4, state_type, case when state_type in ('Booting', 'Unresponsive') then state end as state"
          + " from account_tool_environments where droplet_id is not null"
          + " and state_type in ('Booting', 'AwaitingHeartbeat', 'Active', 'Unresponsive')";

  private static final String OWNERS =
      "select id, generation, state_type, state, updated_at from account_tool_environments"
          + " where droplet_id = any ($1) or id = any ($2)";

  private final Pool pool;

  @Inject
  public FleetTable(Pool pool) {
    this.pool = pool;
  }

  /** One statement: three index look-ups, and a row for each droplet on its way. */
  @Override
  public Uni<Watch> watch(String lease, Duration bootDeadline) {
    return pool.preparedQuery(WATCH)
        .execute(Tuple.of(bootDeadline.toMillis() / 1000.0, lease))
        .map(rows -> watch(rows.iterator().next()));
  }

  @Override
  public Uni<List<Watched>> watched() {
    return pool.query(WATCHED).execute().map(rows -> Rows.all(rows, FleetTable::watched));
  }

  @Override
  public Uni<List<Owner>> owners(List<Listed> droplets) {
    if (droplets.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    var dropletIds = droplets.stream().map(Listed::id).toArray(Long[]::new);
    var ids = droplets.stream().flatMap(d -> d.toolboxId().stream()).toArray(UUID[]::new);
    return pool.preparedQuery(OWNERS)
        .execute(Tuple.of(dropletIds, ids))
        .map(rows -> Rows.all(rows, FleetTable::owner));
  }

  private static Watch watch(Row row) {
    return new Watch(
        row.getString("leader"),
        Rows.instant(row, "led_until"),
        Rows.instant(row, "last_look"),
        new Standing(
            !row.getBoolean("has_any"),
            Rows.instant(row, "oldest_unseen"),
            Rows.instant(row, "youngest_seen"),
            Rows.instant(row, "last_spoke")));
  }

  private static Watched watched(Row row) {
    return watched(
        row.getUUID("id"),
        row.getLong("droplet_id"),
        row.getString("ipv4"),
        row.getString("state_type"),
        row.getString("state"));
  }

  /**
   * @param json needed of a state that says more than its columns do, else null
   */
  static Watched watched(UUID id, long dropletId, String ipv4, String type, String json) {
    var state = json == null ? null : StateCodec.read(type, json);
    return new Watched(
        id,
        dropletId,
        state instanceof Booting,
        state instanceof Booting booting && booting.active(),
        ipv4,
        state instanceof Unresponsive unresponsive && unresponsive.lost());
  }

  private static Owner owner(Row row) {
    return Owner.of(
        row.getUUID("id"),
        row.getLong("generation"),
        StateCodec.read(row.getString("state_type"), row.getString("state")),
        Rows.instant(row, "updated_at"));
  }
}
