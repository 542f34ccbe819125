package io.agentopia.toolbox.runtime.operations;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.runtime.sql.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What operators have allowed a breaker to let pass, in a table of their words. The last word
 * holds, also when it allows fewer.
 */
public class Allowances {
  private final Pool pool;
  private final String table;

  /**
   * @param upTo so many at a time
   */
  public record Allowance(int upTo, String who, String why, Instant at, Instant until) {}

  protected Allowances(Pool pool, String table) {
    this.pool = pool;
    this.table = table;
  }

  public Uni<Allowance> allow(int upTo, String who, String why, Instant now, Duration length) {
    var until = now.plus(length);
    return pool.preparedQuery(
            "insert into "
                + table
                + " (up_to, who, why, allowed_at, allowed_until) values ($1, $2, $3, $4, $5)")
        .execute(Tuple.of(upTo, who, why, now.atOffset(UTC), until.atOffset(UTC)))
        .replaceWith(new Allowance(upTo, who, why, now, until));
  }

  /** The last one, if it is still good. */
  public Uni<Optional<Allowance>> current(Instant now) {
    return pool.preparedQuery(
            "select up_to, who, why, allowed_at, allowed_until from "
                + table
                + " where allowed_until > $1 order by id desc limit 1")
        .execute(Tuple.of(now.atOffset(UTC)))
        .map(rows -> Rows.first(rows, Allowances::read));
  }

  /** Whether anybody has given his word since then. */
  public Uni<Boolean> anySince(Instant since) {
    return pool.preparedQuery("select exists (select 1 from " + table + " where allowed_at > $1)")
        .execute(Tuple.of(since.atOffset(UTC)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static Allowance read(Row row) {
    return new Allowance(
        row.getInteger("up_to"),
        row.getString("who"),
        row.getString("why"),
        Rows.instant(row, "allowed_at"),
        Rows.instant(row, "allowed_until"));
  }
}
