package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * twice: consumers have an inbox.
 */
@ApplicationScoped
public class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};
  private static final long LOCK =
      0x746f6f6c626f78L; // "toolbox"; the lock is per database, so per service
  private static final int BATCH = 200;
  private static final int LOOK_EVERY_MILLIS = 500;
  private static final Duration LONGEST_SEND = Duration.ofSeconds(35);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);
  private static final Duration CLEAN_EVERY = Duration.ofMinutes(10);
  private static final int FORGET_AT_ONCE = 1000;
  private static final String FORGET_PUBLISHED =
      "delete from outbox where id in (select id from outbox where published_at < ?"
          + " order by published_at limit "
          + FORGET_AT_ONCE
          + ")";
  private static final String FORGET_HANDLED =
      "delete from inbox where ctid in (select ctid from inbox where received_at < ?"
          + " order by received_at limit "
          + FORGET_AT_ONCE
          + ")";

  private final DataSource database;
  private final RecordProducer producer;
  private final MessagingConfig config;
  private final Clock clock;
  private volatile boolean running = true;
  private Instant cleanAt = Instant.EPOCH;
  private Thread thread;

  @Inject
  public OutboxRelay(
      DataSource database, RecordProducer producer, MessagingConfig config, Clock clock) {
    this.database = database;
    this.producer = producer;
    this.config = config;
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
    try {
      // A leader that hangs keeps its connection, and with it the lock: the database ends both.
      execute(connection, "set idle_session_timeout = '" + LONGEST_SILENCE.toMillis() + "'");
      execute(connection, "listen outbox");
      relayUntilStopped(connection);
    } finally {
      // The pooled connection must not carry the lock or the subscription to its next user.
      execute(
          connection, "unlisten *; reset idle_session_timeout; select pg_advisory_unlock_all()");
    }
  }

  private void relayUntilStopped(Connection connection) throws Exception {
    var notifications = connection.unwrap(PGConnection.class);
    while (running) {
      if (publishBatch(connection) < BATCH) {
        clean(connection);
        notifications.getNotifications(LOOK_EVERY_MILLIS);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean becomeLeader(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
      return result.next() && result.getBoolean(1);
    }
  }

  private record Row(long id, CompletableFuture<Void> sent) {}

  private int publishBatch(Connection connection) throws Exception {
    var rows = sendUnpublished(connection);
    var published = new ArrayList<Long>(rows.size());
    try {
      for (var row : rows) {
        awaitSent(connection, row);
        published.add(row.id());
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf(
          "event not published, tries again: outboxId=%d cause=%s",
          rows.get(published.size()).id(), e);
      pause();
    } finally {
      mark(connection, published);
    }
    return rows.size();
  }

  /** Waits for the broker, and lets the database hear that this leader is alive. */
  private static void awaitSent(Connection connection, Row row) throws Exception {
    for (var waited = Duration.ZERO; ; waited = waited.plus(SIGN_OF_LIFE)) {
      try {
        row.sent().get(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (waited.compareTo(LONGEST_SEND) > 0) {
          throw e;
        }
        execute(connection, "select 1");
      }
    }
  }

  private List<Row> sendUnpublished(Connection connection)
      throws SQLException, JsonProcessingException {
    var rows = new ArrayList<Row>();
    try (var select =
            connection.prepareStatement(
                "select id, topic, key, headers, body from outbox where published_at is null order by id limit "
                    + BATCH);
        var result = select.executeQuery()) {
      while (result.next()) {
        var headers = JSON.readValue(result.getString("headers"), HEADERS);
        var body = result.getString("body").getBytes(StandardCharsets.UTF_8);
        rows.add(
            new Row(
                result.getLong("id"),
                producer.send(result.getString("topic"), result.getString("key"), headers, body)));
      }
    }
    return rows;
  }

  private void mark(Connection connection, List<Long> published) throws SQLException {
    if (published.isEmpty()) {
      return;
    }
    try (var update =
        connection.prepareStatement("update outbox set published_at = ? where id = any (?)")) {
      update.setTimestamp(1, Timestamp.from(clock.instant()));
      update.setArray(2, connection.createArrayOf("bigint", published.toArray()));
      update.executeUpdate();
    }
  }

  private void clean(Connection connection) throws SQLException {
    var now = clock.instant();
    if (now.isBefore(cleanAt)) {
      return;
    }
    var outbox = delete(connection, FORGET_PUBLISHED, now.minus(config.outboxRetention()));
    var inbox = delete(connection, FORGET_HANDLED, now.minus(config.inboxRetention()));
    // What is left of a backlog goes in the next idle moment: publishing never waits for it.
    var isDone = outbox < FORGET_AT_ONCE && inbox < FORGET_AT_ONCE;
    cleanAt = isDone ? now.plus(CLEAN_EVERY) : now;
  }

  private static int delete(Connection connection, String sql, Instant before) throws SQLException {
    try (var delete = connection.prepareStatement(sql)) {
      delete.setTimestamp(1, Timestamp.from(before));
      return delete.executeUpdate();
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
