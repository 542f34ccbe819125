package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.agentopia.toolbox.provisioner.work.OrphanBreaker;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

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
  private static final String ALLOW =
      "insert into orphan_allowances (up_to, who, why, allowed_at, allowed_until) values ($1, $2, $3, $4, $5)";

  /** The last word holds, also when it allows fewer. */
  private static final String ALLOWED =
      "select up_to, who, why, allowed_at, allowed_until from orphan_allowances"
          + " where allowed_until > $1 order by id desc limit 1";

  private final Pool pool;
  private final ProvisionerConfig config;
  private final Clock clock;

  @Inject
  public OrphanBreakerTable(Pool pool, ProvisionerConfig config, Clock clock) {
    this.pool = pool;
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
                first(
                    rows,
                    row ->
                        new Held(
                            instant(row, "held_since"),
                            row.getString("reason"),
                            row.getInteger("found"),
                            row.getInteger("most"))));
  }

  public Uni<Allowance> allow(int upTo, String who, String why) {
    var now = clock.instant();
    var until = now.plus(config.orphanGrace()).plus(BEYOND_GRACE);
    return pool.preparedQuery(ALLOW)
        .execute(Tuple.of(upTo, who, why, now.atOffset(UTC), until.atOffset(UTC)))
        .replaceWith(new Allowance(upTo, who, why, now, until));
  }

  @Override
  public Uni<Optional<Allowance>> allowance() {
    return pool.preparedQuery(ALLOWED)
        .execute(Tuple.of(clock.instant().atOffset(UTC)))
        .map(
            rows ->
                first(
                    rows,
                    row ->
                        new Allowance(
                            row.getInteger("up_to"),
                            row.getString("who"),
                            row.getString("why"),
                            instant(row, "allowed_at"),
                            instant(row, "allowed_until"))));
  }

  @Override
  public Uni<Boolean> wasAllowedSince(Instant since) {
    return pool.preparedQuery(
            "select exists (select 1 from orphan_allowances where allowed_at > $1)")
        .execute(Tuple.of(since.atOffset(UTC)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> read) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(read.apply(rows.iterator().next()));
  }

  private static Instant instant(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }
}
