package io.agentopia.toolbox.runtime.restore;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.runtime.messaging.MessagingConfig;
import io.agentopia.toolbox.runtime.messaging.TopicReader;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Finds at the start that the database was restored, and makes it true again: what this service had
 * told since is read from its own topics, what others had told is read again, and at last the
 * present state of everything is told with numbers that no reader has seen (decision 0039). What is
 * interrupted goes on at the next start.
 */
@ApplicationScoped
public class Incarnations {
  private static final Logger LOG = Logger.getLogger(Incarnations.class);
  private static final long LOCK = 0x696e6361726eL; // "incarn"
  private static final int AT_ONCE = 50;

  /** The code that the process ends with when its database is another one. */
  private static final int EXCHANGED = 75;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DataSource database;
  private final MessagingConfig messaging;
  private final RestoreConfig config;
  private final Groups groups;
  private final TopicReader topics;
  private final List<Recalling> recallings;
  private final List<Retelling> retellings;
  private final VertxContexts contexts;
  private final Clock clock;
  private volatile Incarnation current = Incarnation.FIRST;
  private volatile boolean running = true;
  private Thread thread;

  @Inject
  public Incarnations(
      DataSource database,
      MessagingConfig messaging,
      RestoreConfig config,
      Groups groups,
      TopicReader topics,
      @All List<Recalling> recallings,
      @All List<Retelling> retellings,
      VertxContexts contexts,
      Clock clock) {
    this.database = database;
    this.messaging = messaging;
    this.config = config;
    this.groups = groups;
    this.topics = topics;
    this.recallings = recallings;
    this.retellings = retellings;
    this.contexts = contexts;
    this.clock = clock;
  }

  public Incarnation current() {
    return current;
  }

  /** After the topics are there and the clock is read, before anything is read or told. */
  void start(@Observes @Priority(10) StartupEvent event, Drivers drivers)
      throws SQLException, InterruptedException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(true);
      lock(connection);
      try {
        var row = found(connection);
        current = row.incarnation();
        if (current.isRestored() && !row.isRecalled()) {
          recall(connection, row);
        }
        if (current.isRestored() && !row.isRetold()) {
          retellSoon();
        }
      } finally {
        unlock(connection);
      }
    }
    drivers.every("incarnation", LOOK_EVERY, LOOK_EVERY, this::isStillTheOne);
  }

  private IncarnationRow found(Connection connection) throws SQLException {
    var row = IncarnationRow.read(connection);
    if (row.identity() == null && row.declaredBy() == null) {
      IncarnationRow.identify(connection, row.found());
      return row;
    }
    if (!row.isAnother()) {
      return row;
    }
    var now = clock.instant();
    var next = row.incarnation().next(now);
    IncarnationRow.begin(connection, next, row.found(), now.minus(messaging.eventRetention()));
    var begun = IncarnationRow.read(connection);
    LOG.warnf(
        "the database was restored, what is missing is read again: service=%s incarnation=%d"
            + " knownUntil=%s was=%s is=%s declaredBy=%s why=%s",
        messaging.service(),
        next.number(),
        begun.knownUntil(),
        row.identity(),
        row.found(),
        row.declaredBy(),
        row.declaredWhy());
    return begun;
  }

  private void recall(Connection connection, IncarnationRow row)
      throws SQLException, InterruptedException {
    var from = row.knownUntil().minus(config.margin());
    for (var recalling : recallings) {
      for (var topic : recalling.topics()) {
        topics.read(topic, from, told -> recall(recalling, topic, told));
      }
    }
    groups.rewind(from);
    IncarnationRow.recalled(connection, clock.instant());
  }

  private void recall(Recalling recalling, String topic, List<EventEnvelope> told) {
    LOG.infof("recalling what was told: topic=%s events=%d", topic, told.size());
    inTransaction(() -> recalling.recall(told));
  }

  private void retellSoon() {
    thread = Thread.ofPlatform().name("retelling").daemon().start(this::retell);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    if (thread != null) {
      thread.interrupt();
      thread.join(Duration.ofSeconds(5));
    }
  }

  private void retell() {
    try {
      patiently("waiting for what others had told", this::awaitHandled);
      for (var retelling : retellings) {
        while (running && retell(retelling) == AT_ONCE) {
          LOG.debug("more is told again");
        }
      }
      if (running) {
        patiently("marking that all is told", this::markRetold);
        LOG.infof(
            "the present state is told again: service=%s incarnation=%d",
            messaging.service(), current.number());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Boolean awaitHandled() throws Exception {
    groups.awaitHandled(() -> running);
    return true;
  }

  private int retell(Retelling retelling) throws InterruptedException {
    return patiently(
        "telling the present state",
        () -> inTransaction(() -> retelling.retell(current.floor(), AT_ONCE)));
  }

  private Boolean markRetold() throws SQLException {
    try (var connection = database.getConnection()) {
      IncarnationRow.retold(connection, clock.instant());
      return true;
    }
  }

  private <T> T inTransaction(Supplier<Uni<T>> work) {
    return contexts.run(() -> Panache.withTransaction(work)).join();
  }

  private interface Attempt<T> {
    T make() throws Exception;
  }

  /** Broker and database may be away: it is tried until it works, or the service stops. */
  private <T> T patiently(String what, Attempt<T> attempt) throws InterruptedException {
    while (true) {
      try {
        return attempt.make();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warnf("%s after a restore failed, tried again: cause=%s", what, e);
        pause();
      }
    }
  }

  private static void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
  }

  /** Of the session: what follows may take longer than a transaction may be idle. */
  private static void lock(Connection connection) throws SQLException {
    execute(connection, "select pg_advisory_lock(" + LOCK + ")");
  }

  private static void unlock(Connection connection) throws SQLException {
    execute(connection, "select pg_advisory_unlock(" + LOCK + ")");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** For operators: where it stands. */
  Uni<IncarnationRow> shown() {
    return blocking(IncarnationRow::read);
  }

  /** At the next start of this service it counts as restored. */
  Uni<IncarnationRow> declare(String who, String why) {
    return blocking(
        connection -> {
          IncarnationRow.declare(connection, who, why);
          return IncarnationRow.read(connection);
        });
  }

  /** A database can be exchanged behind a service that runs: it begins anew then. */
  Uni<Void> isStillTheOne() {
    return blocking(IncarnationRow::read)
        .invoke(
            row -> {
              if (row.identity() != null && !row.identity().equals(row.found())) {
                LOG.errorf(
                    "the database was exchanged while this service ran, which ends now to begin anew"
                        + " with it: was=%s is=%s",
                    row.identity(), row.found());
                Quarkus.asyncExit(EXCHANGED);
              }
            })
        .onFailure()
        .invoke(e -> LOG.debugf("which database it is was not read: cause=%s", e))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private interface Look {
    IncarnationRow at(Connection connection) throws SQLException;
  }

  private Uni<IncarnationRow> blocking(Look look) {
    return Uni.createFrom()
        .item(
            () -> {
              try (var connection = database.getConnection()) {
                return look.at(connection);
              } catch (SQLException e) {
                throw new IllegalStateException("reading the incarnation failed", e);
              }
            })
        .runSubscriptionOn(Infrastructure.getDefaultExecutor());
  }
}
