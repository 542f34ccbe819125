package io.agentopia.toolbox.health.store;

import static java.time.ZoneOffset.UTC;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What operators have allowed the breaker to let pass. */
@ApplicationScoped
public class RemediationAllowances {
  private static final String ALLOW =
      "insert into remediation_allowances (up_to, who, why, allowed_at, allowed_until)"
          + " values ($1, $2, $3, $4, $5)";

  /** The last word holds, also when it allows fewer. */
  private static final String ALLOWED =
      "select up_to, who, why, allowed_at, allowed_until from remediation_allowances"
          + " where allowed_until > $1 order by id desc limit 1";

  private final Pool pool;

  @Inject
  public RemediationAllowances(Pool pool) {
    this.pool = pool;
  }

  /**
   * @param upTo so many lost droplets at a time
   */
  public record Allowance(int upTo, String who, String why, Instant at, Instant until) {}

  public Uni<Allowance> allow(int upTo, String who, String why, Instant now, Duration length) {
    var until = now.plus(length);
    return pool.preparedQuery(ALLOW)
        .execute(Tuple.of(upTo, who, why, now.atOffset(UTC), until.atOffset(UTC)))
        .replaceWith(new Allowance(upTo, who, why, now, until));
  }

  public Uni<Optional<Allowance>> current(Instant now) {
    return pool.preparedQuery(ALLOWED)
        .execute(Tuple.of(now.atOffset(UTC)))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(read(rows.iterator().next())));
  }

  private static Allowance read(Row row) {
    return new Allowance(
        row.getInteger("up_to"),
        row.getString("who"),
        row.getString("why"),
        row.getOffsetDateTime("allowed_at").toInstant(),
        row.getOffsetDateTime("allowed_until").toInstant());
  }
}
