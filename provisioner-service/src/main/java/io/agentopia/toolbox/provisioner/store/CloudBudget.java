package io.agentopia.toolbox.provisioner.store;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Limits;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The {@link RateBudget} of our token at rest: one row that all instances lock, decide on and
 * write. Without the database there is no budget, and so no call to the cloud.
 */
@ApplicationScoped
public class CloudBudget {
  private static final Logger LOG = Logger.getLogger(CloudBudget.class);
  private static final int FINGERPRINT = 16;
  private static final String OPEN =
      "insert into cloud_budget (token, available, at, closed_until, refusals) values ($1, $2, $3, $4, $5)"
          + " on conflict (token) do nothing";
  private static final String LOCK =
      "select available, at, closed_until, refusals from cloud_budget where token = $1 for update";
  private static final String WRITE =
      "update cloud_budget set available = $2, at = $3, closed_until = $4, refusals = $5 where token = $1";

  private final String token;
  private final Limits limits;
  private final Pool pool;
  private final Clock clock;

  @Inject
  public CloudBudget(Pool pool, ProvisionerConfig config, Clock clock) {
    this(
        pool,
        Secrets.hash(config.digitaloceanToken()).substring(0, FINGERPRINT),
        new Limits(config.cloudBudget().perHour(), config.cloudBudget().perMinute()),
        clock);
  }

  CloudBudget(Pool pool, String token, Limits limits, Clock clock) {
    this.pool = pool;
    this.token = token;
    this.limits = limits;
    this.clock = clock;
  }

  /** One call, taken before it goes out. */
  public Uni<Decision> take(Priority priority) {
    return inRow(
        (connection, budget) ->
            switch (budget.take(clock.instant(), priority)) {
              case Decision.Wait wait -> Uni.createFrom().item(wait);
              case Decision.Granted granted ->
                  write(connection, granted.left()).replaceWith(granted);
            });
  }

  /**
   * What the cloud answered to a call that was taken. Most answers say nothing new and cost no
   * statement. Never fails: the answer itself is worth more than what it says about limits.
   */
  public Uni<Void> heard(RateBudget left, Answer answer) {
    if (!left.isChangedBy(answer)) {
      return Uni.createFrom().voidItem();
    }
    return inRow(
            (connection, budget) -> {
              var after = budget.after(answer, clock.instant());
              log(answer, after);
              return write(connection, after);
            })
        .onFailure()
        .invoke(e -> LOG.warnf("the cloud's word on its limits not stored: cause=%s", e))
        .onFailure()
        .recoverWithNull();
  }

  private static void log(Answer answer, RateBudget after) {
    if (answer.isRefusal()) {
      LOG.warnf(
          "the cloud refused a call for its rate limit: closedUntil=%s refusals=%d",
          after.closedUntil(), after.refusals());
    }
  }

  private interface Work<T> {
    Uni<T> on(SqlClient connection, RateBudget budget);
  }

  private <T> Uni<T> inRow(Work<T> work) {
    return pool.withTransaction(
        connection ->
            locked(connection)
                .onItem()
                .ifNull()
                .switchTo(() -> opened(connection))
                .flatMap(budget -> work.on(connection, budget)));
  }

  private Uni<RateBudget> locked(SqlClient connection) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(token))
        .map(rows -> rows.rowCount() == 0 ? null : budget(rows.iterator().next()));
  }

  private Uni<RateBudget> opened(SqlClient connection) {
    return connection
        .preparedQuery(OPEN)
        .execute(values(RateBudget.full(limits, clock.instant())))
        .flatMap(ignored -> locked(connection));
  }

  private Uni<Void> write(SqlClient connection, RateBudget budget) {
    return connection.preparedQuery(WRITE).execute(values(budget)).replaceWithVoid();
  }

  private Tuple values(RateBudget budget) {
    return Tuple.of(
        token,
        budget.available(),
        budget.at().atOffset(UTC),
        budget.closedUntil().atOffset(UTC),
        budget.refusals());
  }

  private RateBudget budget(Row row) {
    Function<String, Instant> instant = column -> row.getOffsetDateTime(column).toInstant();
    return new RateBudget(
        limits,
        row.getDouble("available"),
        instant.apply("at"),
        instant.apply("closed_until"),
        row.getInteger("refusals"));
  }
}
