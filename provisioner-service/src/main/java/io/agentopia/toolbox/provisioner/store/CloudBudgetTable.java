package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;
import static java.time.temporal.ChronoUnit.MICROS;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.BudgetStore;
import io.agentopia.toolbox.provisioner.cloud.Providers;
import io.agentopia.toolbox.provisioner.cloud.budget.Limits;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.runtime.security.Secrets;
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
import java.util.function.UnaryOperator;

/**
 * A {@link RateBudget} at rest: one row per token that all instances write by comparing. What is
 * written replaces exactly what was decided on; whoever was overtaken reads again and decides anew.
 * So nobody waits for a lock, and an instance that is alone, which remembers what it wrote, needs
 * one statement.
 */
@ApplicationScoped
public class CloudBudgetTable implements BudgetStore {
  private static final int FINGERPRINT = 16;

  /** Each try that fails is another instance's success. */
  private static final int MOST_TRIES = 100;

  private static final String OPEN =
      "insert into cloud_budget (token, available, at, closed_until, refusals) values ($1, $2, $3, $4, $5)"
          + " on conflict (token) do nothing";
  private static final String READ =
      "select available, at, closed_until, refusals from cloud_budget where token = $1";
  private static final String REPLACE =
      "update cloud_budget set available = $2, at = $3, closed_until = $4, refusals = $5 where token = $1"
          + " and available = $6 and at = $7 and closed_until = $8 and refusals = $9";

  private final Pool pool;
  private final String token;
  private final Limits limits;
  private final Clock clock;
  private volatile RateBudget known;

  @Inject
  public CloudBudgetTable(Pool pool, Providers providers, ProvisionerConfig config, Clock clock) {
    this(
        pool,
        Secrets.hash(providers.account()).substring(0, FINGERPRINT),
        new Limits(config.cloudBudget().perHour(), config.cloudBudget().perMinute()),
        clock);
  }

  CloudBudgetTable(Pool pool, String token, Limits limits, Clock clock) {
    this.pool = pool;
    this.token = token;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public Uni<RateBudget> change(UnaryOperator<RateBudget> decision) {
    var remembered = known;
    return remembered == null
        ? readAndReplace(decision, MOST_TRIES)
        : replace(remembered, decision, MOST_TRIES);
  }

  private Uni<RateBudget> readAndReplace(UnaryOperator<RateBudget> decision, int left) {
    return read().flatMap(read -> replaceRead(read, decision, left));
  }

  /** Nothing to write is an answer only if it was decided on what was read just now. */
  private Uni<RateBudget> replaceRead(
      RateBudget read, UnaryOperator<RateBudget> decision, int left) {
    var next = decision.apply(read);
    return next.equals(read)
        ? Uni.createFrom().item(remember(read))
        : write(read, next, decision, left);
  }

  private Uni<RateBudget> replace(
      RateBudget remembered, UnaryOperator<RateBudget> decision, int left) {
    var next = decision.apply(remembered);
    return next.equals(remembered)
        ? readAndReplace(decision, left)
        : write(remembered, next, decision, left);
  }

  private Uni<RateBudget> write(
      RateBudget before, RateBudget next, UnaryOperator<RateBudget> decision, int left) {
    return pool.preparedQuery(REPLACE)
        .execute(
            values(next)
                .addDouble(before.available())
                .addOffsetDateTime(at(before.at()))
                .addOffsetDateTime(at(before.closedUntil()))
                .addInteger(before.refusals()))
        .flatMap(
            rows -> {
              if (rows.rowCount() == 1) {
                return Uni.createFrom().item(remember(next));
              }
              return left > 1
                  ? readAndReplace(decision, left - 1)
                  : Uni.createFrom()
                      .failure(
                          new IllegalStateException(
                              "the cloud's budget was overtaken "
                                  + MOST_TRIES
                                  + " times in a row"));
            });
  }

  private RateBudget remember(RateBudget stored) {
    known = stored;
    return stored;
  }

  private Uni<RateBudget> read() {
    return readRow().onItem().ifNull().switchTo(this::opened);
  }

  private Uni<RateBudget> readRow() {
    return pool.preparedQuery(READ)
        .execute(Tuple.of(token))
        .map(rows -> Rows.first(rows, this::budget).orElse(null));
  }

  private Uni<RateBudget> opened() {
    return pool.preparedQuery(OPEN)
        .execute(values(RateBudget.full(limits, clock.instant())))
        .flatMap(ignored -> readRow());
  }

  private Tuple values(RateBudget budget) {
    return Tuple.tuple()
        .addString(token)
        .addDouble(budget.available())
        .addOffsetDateTime(at(budget.at()))
        .addOffsetDateTime(at(budget.closedUntil()))
        .addInteger(budget.refusals());
  }

  /** As PostgreSQL keeps it: what is compared must not differ in its nanoseconds. */
  private static OffsetDateTime at(Instant instant) {
    return instant.truncatedTo(MICROS).atOffset(UTC);
  }

  private RateBudget budget(Row row) {
    return new RateBudget(
        limits,
        row.getDouble("available"),
        Rows.instant(row, "at"),
        Rows.instant(row, "closed_until"),
        row.getInteger("refusals"));
  }
}
