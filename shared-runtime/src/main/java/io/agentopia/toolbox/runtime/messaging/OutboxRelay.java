package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Relayed.Row;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Publishes the outbox in id order. One relay per service is at work, whichever instance holds the
 * database's advisory lock; a commit wakes it (LISTEN), and it looks by itself twice a second. A
 * row is marked only after the broker has acknowledged it, so a crash in between publishes it
 * twice: consumers have an inbox. Each row counts by itself ({@link Relayed}); what the broker
 * refuses for good becomes a dead letter of topic {@code outbox}, and {@link RefusedEvents} takes
 * its replay.
 */
@ApplicationScoped
public class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final long LOCK =
      0x746f6f6c626f78L; // "toolbox"; the lock is per database, so per service
  private static final int LOOK_EVERY_MILLIS = 500;

  /** What is committed within this of a publication goes with the next one, all at once. */
  private static final int GATHERED_MILLIS = 20;

  private static final Duration LONGEST_SEND = Duration.ofSeconds(35);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);
  private static final Duration CLEAN_EVERY = Duration.ofMinutes(10);

  private final DataSource database;
  private final RecordProducer producer;
  private final MessagingConfig config;
  private final Ids ids;
  private final Clock clock;
  private volatile boolean running = true;
  private Instant cleanAt = Instant.EPOCH;
  private Instant tellAgainAt = Instant.EPOCH;
  private Thread thread;

  @Inject
  public OutboxRelay(
      DataSource database, RecordProducer producer, MessagingConfig config, Ids ids, Clock clock) {
    this.database = database;
    this.producer = producer;
    this.config = config;
    this.ids = ids;
    this.clock = clock;
  }

  void start(@Observes @Priority(100) StartupEvent event) {
    thread = Thread.ofPlatform().name("outbox-relay").daemon().start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    if (thread != null) {
      thread.interrupt();
      thread.join(Duration.ofSeconds(5));
    }
  }

  private void run() {
    while (running) {
      try (var connection = database.getConnection()) {
        relayWhileLeader(connection);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        if (running) {
          LOG.warnf("outbox relay interrupted, tries again in 1 s: %s", e);
          pause();
        }
      }
    }
  }

  private void relayWhileLeader(Connection connection) throws Exception {
    connection.setAutoCommit(true);
    if (!becomeLeader(connection)) {
      TimeUnit.SECONDS.sleep(1);
      return;
    }
    var outbox = new OutboxTable(connection, config.service());
    try {
      // A leader that hangs keeps its connection, and with it the lock: the database ends both.
      outbox.execute("set idle_session_timeout = '" + LONGEST_SILENCE.toMillis() + "'");
      outbox.execute("listen outbox");
      relayUntilStopped(outbox, connection.unwrap(PGConnection.class));
    } finally {
      // The pooled connection must not carry the lock or the subscription to its next user.
      outbox.execute("unlisten *; reset idle_session_timeout; select pg_advisory_unlock_all()");
    }
  }

  private void relayUntilStopped(OutboxTable outbox, PGConnection notifications) throws Exception {
    while (running) {
      var rows = publishBatch(outbox);
      if (OutboxTable.isFull(rows)) {
        continue;
      }
      clean(outbox);
      if (!rows.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(GATHERED_MILLIS);
      }
      notifications.getNotifications(LOOK_EVERY_MILLIS);
    }
  }

  private static boolean becomeLeader(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
      return result.next() && result.getBoolean(1);
    }
  }

  /**
   * @return what was looked at
   */
  private List<Row> publishBatch(OutboxTable outbox) throws Exception {
    var rows = outbox.unpublished(clock.instant());
    var relayed = new Relayed();
    try {
      for (var wave : Relayed.waves(rows)) {
        publishWave(outbox, wave, relayed);
      }
    } finally {
      outbox.mark(relayed.published(), clock.instant());
    }
    for (var refused : relayed.refused().entrySet()) {
      setAside(outbox, refused.getKey(), refused.getValue());
    }
    if (!relayed.failed().isEmpty()) {
      var first = relayed.failed().entrySet().iterator().next();
      LOG.warnf(
          "events not published, tried again: number=%d firstOutboxId=%d topic=%s cause=%s",
          relayed.failed().size(), first.getKey().id(), first.getKey().topic(), first.getValue());
      pause();
    }
    return rows;
  }

  private void publishWave(OutboxTable outbox, List<Row> wave, Relayed relayed) throws Exception {
    var sent = new LinkedHashMap<Row, CompletableFuture<Void>>();
    for (var row : wave) {
      if (relayed.mayGo(row)) {
        sent.put(row, send(outbox, row, relayed));
      }
    }
    for (var each : sent.entrySet()) {
      try {
        awaitSent(outbox, each.getValue());
        relayed.acknowledged(each.getKey());
      } catch (ExecutionException e) {
        relayed.failed(each.getKey(), e.getCause());
      } catch (TimeoutException e) {
        relayed.failed(each.getKey(), e);
      }
    }
  }

  /** What fails at once because nobody answers has cost the client's whole patience. */
  private CompletableFuture<Void> send(OutboxTable outbox, Row row, Relayed relayed)
      throws SQLException {
    Map<String, String> headers;
    try {
      headers = OutboxTable.headers(row);
    } catch (JsonProcessingException e) {
      return CompletableFuture.failedFuture(
          new org.apache.kafka.common.errors.SerializationException(
              "its headers are not readable", e));
    }
    var body = row.body().getBytes(StandardCharsets.UTF_8);
    var done = producer.send(row.topic(), row.key(), headers, body);
    if (done.isCompletedExceptionally()
        && done.exceptionNow() instanceof org.apache.kafka.common.errors.TimeoutException) {
      relayed.silent(row.topic());
      outbox.execute("select 1");
    }
    return done;
  }

  /** Waits for the broker, and lets the database hear that this leader is alive. */
  private static void awaitSent(OutboxTable outbox, CompletableFuture<Void> sent) throws Exception {
    for (var waited = Duration.ZERO; ; waited = waited.plus(SIGN_OF_LIFE)) {
      try {
        sent.get(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (waited.compareTo(LONGEST_SEND) > 0) {
          throw e;
        }
        outbox.execute("select 1");
      }
    }
  }

  private void setAside(OutboxTable outbox, Row row, Failure failure) throws SQLException {
    outbox.setAside(row, failure, ids.next(), clock.instant());
    LOG.errorf(
        "event refused by the broker, dead letter: outboxId=%d topic=%s toolboxId=%s code=%s"
            + " cause=%s",
        row.id(), row.topic(), row.key(), failure.code(), failure.message());
  }

  private void clean(OutboxTable outbox) throws SQLException {
    var now = clock.instant();
    if (!now.isBefore(tellAgainAt)) {
      outbox.tellAgain(now);
      tellAgainAt = now.plus(Duration.ofMinutes(1));
    }
    if (now.isBefore(cleanAt)) {
      return;
    }
    var isDone =
        outbox.forget(
            now.minus(config.outboxRetention()),
            now.minus(config.inboxRetention()),
            now.minus(config.refusedRetention()));
    // What is left of a backlog goes in the next idle moment: publishing never waits for it.
    cleanAt = isDone ? now.plus(CLEAN_EVERY) : now;
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
