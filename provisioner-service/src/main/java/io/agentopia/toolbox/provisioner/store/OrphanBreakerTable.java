package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.agentopia.toolbox.provisioner.work.OrphanBreaker;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@link OrphanBreaker} as rows, and what operators see and say of it. */
@ApplicationScoped
public class OrphanBreakerTable implements OrphanBreaker {
  /** Beyond the grace period: what is quarantined under an allowance is deleted under it too. */
  private static final Duration BEYOND_GRACE = Duration.ofHours(1);

  private static final String HOLD =
      "insert into orphan_breaker (name, held_since, reason, found, most) values ('sweep', $1, $2, $3, $4)"
          + " on conflict (name) do update set reason = excluded.reason, found = excluded.found,"
          + " most = excluded.most where (orphan_breaker.reason, orphan_breaker.found, orphan_breaker.most)"
          + " is distinct from (excluded.reason, excluded.found, excluded.most)";
  private static final String HELD = "select held_since, reason, found, most from orphan_breaker";

  private final Pool pool;
  private final OrphanAllowances allowances;
  private final ProvisionerConfig config;
  private final Clock clock;

  @Inject
  public OrphanBreakerTable(
      Pool pool, OrphanAllowances allowances, ProvisionerConfig config, Clock clock) {
    this.pool = pool;
    this.allowances = allowances;
    this.config = config;
    this.clock = clock;
  }

  public record Held(Instant since, String reason, int found, int most) {}

  @Override
  public Uni<Boolean> hold(Hold hold) {
    var now = clock.instant().atOffset(UTC);
    return pool.preparedQuery(HOLD)
        .execute(Tuple.of(now, hold.reason(), hold.found(), hold.most()))
        .map(rows -> rows.rowCount() == 1);
  }

  @Override
  public Uni<Boolean> release() {
    return pool.query("delete from orphan_breaker").execute().map(rows -> rows.rowCount() > 0);
  }

  public Uni<Optional<Held>> held() {
    return pool.query(HELD)
        .execute()
        .map(
            rows ->
                Rows.first(
                    rows,
                    row ->
                        new Held(
                            Rows.instant(row, "held_since"),
                            row.getString("reason"),
                            row.getInteger("found"),
                            row.getInteger("most"))));
  }

  public Uni<Allowance> allow(int upTo, String who, String why) {
    return allowances.allow(
        upTo, who, why, clock.instant(), config.orphanGrace().plus(BEYOND_GRACE));
  }

  @Override
  public Uni<Optional<Allowance>> allowance() {
    return allowances.current(clock.instant());
  }

  @Override
  public Uni<Boolean> wasAllowedSince(Instant since) {
    return allowances.anySince(since);
  }
}
