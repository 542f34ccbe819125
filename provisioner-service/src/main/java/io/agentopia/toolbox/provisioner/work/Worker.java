package io.agentopia.toolbox.provisioner.work;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.agentopia.toolbox.runtime.work.Driver;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;

/**
 * Starts what is due in the database. Takes up toolboxes whose next step is due, each with a permit
 * of its own: a call to the cloud that hangs holds up no other toolbox. Claims with SKIP LOCKED and
 * a lease in the row itself, so instances share the work and a crashed one's is taken up again.
 * O(due): an index holds only rows that wait. A trigger on the table announces what is due at once
 * to the driver called {@value #NAME}.
 */
@ApplicationScoped
public class Worker {
  private static final String NAME = "steps";

  /**
   * What is taken, and in the same statement when the next one will be due. Accounts take turns:
   * the hundredth of one waits behind the first of another, for a permit and so for the cloud's
   * budget.
   */
  static final String CLAIM =
      "with waiting as (select id, next_at, row_number() over (partition by account_id order by next_at)"
          + " as turn from account_tool_environments where next_at <= $2),"
          + " due as (select t.id from account_tool_environments t join waiting w on w.id = t.id"
          + " where t.next_at <= $2 order by w.turn, w.next_at limit $3 for update of t skip locked),"
          + " taken as (update account_tool_environments t set next_at = $1 from due"
          + " where t.id = due.id returning t.id) select id, null::timestamptz as next_at from taken union all"
          + " (select null, next_at from account_tool_environments where next_at > $2 order by next_at limit 1)";

  private final Pool pool;
  private final Drivers drivers;
  private final StepRunner steps;
  private final FleetWatch watch;
  private final ProvisionerConfig config;
  private final Clock clock;

  @Inject
  public Worker(
      Pool pool,
      Drivers drivers,
      StepRunner steps,
      FleetWatch watch,
      ProvisionerConfig config,
      Clock clock) {
    this.pool = pool;
    this.drivers = drivers;
    this.steps = steps;
    this.watch = watch;
    this.config = config;
    this.clock = clock;
  }

  void start(@Observes @Priority(200) StartupEvent event) {
    drivers.start(
        new Driver.Settings(NAME, config.workEvery(), config.stepsAtOnce()),
        this::claim,
        steps::run);
    drivers.start(
        new Driver.Settings(FleetWatch.NAME, config.watchEvery(), 1),
        most -> watch.claim(),
        watch::look);
  }

  private Uni<Claimed<UUID>> claim(int most) {
    var now = clock.instant();
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(now.plus(config.lease()).atOffset(UTC), now.atOffset(UTC), most))
        .map(Worker::claimed);
  }

  private static Claimed<UUID> claimed(RowSet<Row> rows) {
    var ids = new ArrayList<UUID>();
    Instant nextAt = null;
    for (var row : rows) {
      var id = row.getUUID("id");
      if (id == null) {
        nextAt = row.getOffsetDateTime("next_at").toInstant();
      } else {
        ids.add(id);
      }
    }
    return new Claimed<>(ids, nextAt);
  }
}
