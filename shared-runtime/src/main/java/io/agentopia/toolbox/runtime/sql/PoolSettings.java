package io.agentopia.toolbox.runtime.sql;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the framework comes to the database ({@code quarkus.datasource.*}, {@code
 * toolbox.database.*}), kept for the one connection that is of no pool.
 */
@ApplicationScoped
class PoolSettings implements PgPoolCreator {
  private volatile @Nullable PgConnectOptions options;

  @Override
  public Pool create(Input input) {
    options = input.pgConnectOptionsList().getFirst();
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
        .using(input.vertx())
        .build();
  }

  /** Known once there is a pool. */
  PgConnectOptions options() {
    return new PgConnectOptions(Objects.requireNonNull(options, "there is no pool yet"));
  }
}
