package io.agentopia.toolbox.runtime.ids;

import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** The one clock of a service: its database's. */
@ApplicationScoped
class ClockProducer {
  private static final Logger LOG = Logger.getLogger(ClockProducer.class);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration LONGEST_FIRST = Duration.ofSeconds(5);

  /** The first readings of a JVM take long, and a reading is as good as it is short. */
  private static final int READINGS = 5;

  /** An own clock that is further off is worth a word. */
  private static final Duration FAR_OFF = Duration.ofSeconds(1);

  private final DatabaseClock clock = new DatabaseClock(InstantSource.system(), System::nanoTime);
  private final Pool pool;
  private boolean isFarOff;

  @Inject
  ClockProducer(Pool pool) {
    this.pool = pool;
  }

  @Produces
  @DefaultBean
  @ApplicationScoped
  Clock clock() {
    return clock;
  }

  /** Before anything is done by it. */
  void start(@Observes @Priority(1) StartupEvent event, Drivers drivers) {
    drivers.every("clock", AGAIN, AGAIN, this::again);
    try {
      read().await().atMost(LONGEST_FIRST);
    } catch (RuntimeException e) {
      LOG.warnf("the database's clock is not read yet, the machine's is taken: cause=%s", e);
    }
  }

  private Uni<Void> again() {
    return read()
        .onFailure()
        .invoke(e -> LOG.debugf("the database's clock not read: cause=%s", e))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> read() {
    return pool.withConnection(
            connection ->
                Multi.createFrom()
                    .range(0, READINGS)
                    .onItem()
                    .transformToUniAndConcatenate(reading -> read(connection))
                    .collect()
                    .last())
        .invoke(this::tell)
        .replaceWithVoid();
  }

  private Uni<Duration> read(SqlConnection connection) {
    var before = clock.counter();
    return connection
        .query("select clock_timestamp()")
        .execute()
        .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant())
        .map(shown -> clock.learn(shown, before));
  }

  private synchronized void tell(Duration ahead) {
    var wasFarOff = isFarOff;
    isFarOff = ahead.abs().compareTo(FAR_OFF) > 0;
    if (isFarOff && !wasFarOff) {
      LOG.warnf(
          "this machine's clock is %d ms ahead of the database's, which is gone by: is NTP running?",
          ahead.toMillis());
    } else if (wasFarOff && !isFarOff) {
      LOG.info("this machine's clock agrees with the database's again");
    }
  }
}
