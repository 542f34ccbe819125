package io.agentopia.toolbox.runtime.retention;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Deletes what is kept no longer, a few rows at a time, so that nobody waits for it. */
@ApplicationScoped
public class Forgetting {
  private static final Logger LOG = Logger.getLogger(Forgetting.class);
  private static final int AT_ONCE = 500;

  private final Pool pool;
  private final Clock clock;
  private final List<Retention> retentions;

  @Inject
  public Forgetting(Pool pool, Clock clock, @All List<Retention> retentions) {
    this.pool = pool;
    this.clock = clock;
    this.retentions = retentions;
  }

  void start(@Observes StartupEvent event, Drivers drivers) {
    drivers.every("forgetting", Duration.ofMinutes(1), Duration.ofMinutes(10), this::forget);
  }

  /** One that fails does not keep the others from their turn. */
  public Uni<Void> forget() {
    return Multi.createFrom()
        .iterable(retentions)
        .onItem()
        .transformToUniAndConcatenate(
            retention ->
                forget(retention)
                    .onFailure()
                    .invoke(
                        e ->
                            LOG.warnf(
                                "not forgotten, tried again in ten minutes: what=%s cause=%s",
                                retention.what(), e))
                    .onFailure()
                    .recoverWithItem(0))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Integer> forget(Retention retention) {
    return Multi.createFrom()
        .iterable(retention.deletes())
        .onItem()
        .transformToUniAndConcatenate(sql -> allOf(sql, retention))
        .collect()
        .with(java.util.stream.Collectors.summingInt(n -> n))
        .invoke(
            n -> {
              if (n > 0) {
                LOG.infof("forgotten: what=%s rows=%d", retention.what(), n);
              }
            });
  }

  private Uni<Integer> allOf(String sql, Retention retention) {
    var before = clock.instant().minus(retention.keep()).atOffset(UTC);
    return Multi.createBy()
        .repeating()
        .uni(() -> pool.preparedQuery(sql).execute(Tuple.of(before, AT_ONCE)).map(RowSet::rowCount))
        .whilst(deleted -> deleted == AT_ONCE)
        .collect()
        .with(java.util.stream.Collectors.summingInt(n -> n));
  }
}
