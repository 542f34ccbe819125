package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventSize;
import io.agentopia.toolbox.events.EventTypes;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.messaging.Relayed.Row;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The relay's side of the outbox, as SQL over its one connection. Times are passed in.
 *
 * @param service whose outbox it is
 */
record OutboxTable(Connection connection, String service) {
  /** Rows of one look at most. */
  static final int BATCH = 200;

  /** Bytes of the bodies of one look at most; one body alone may have more. */
  static final int BATCH_BYTES = 4 * 1024 * 1024;

  /** A refused event holds back its toolbox's later ones so long: time to mend and replay it. */
  static final Duration HOLDS_BACK = Duration.ofMinutes(10);

  private static final int FORGET_AT_ONCE = 1000;
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /** Dead letters and the end of a toolbox are never held back. */
  private static final String GOES_ANYWAY =
      "(o.topic like '%%.dlt' or o.headers like '%%\"%s\"%%' or o.headers like '%%\"%s\"%%')"
          .formatted(
              EventTypes.typeOf(ToolboxDeletionRequested.class),
              EventTypes.typeOf(ToolboxDeleted.class));

  private static final String UNPUBLISHED =
      "select id, topic, key, headers, body from (select b.*, sum(octet_length(body)) over (order by"
          + " id) - octet_length(body) as ahead from (select id, topic, key, headers, body from outbox"
          + " o where published_at is null and refused_at is null and ("
          + GOES_ANYWAY
          + " or not exists (select 1 from outbox r where r.key = o.key and r.id < o.id"
          + " and r.refused_at > ?)) order by id limit "
          + BATCH
          + ") b) c where ahead < "
          + BATCH_BYTES
          + " order by id";

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
  private static final String FORGET_REFUSED =
      "delete from outbox where id in (select id from outbox where refused_at < ? limit "
          + FORGET_AT_ONCE
          + ")";
  private static final String TELL_AGAIN =
      "update outbox set refused_at = null where refused_at < ? and topic like '%.dlt'";

  /** In the order of publishing; those that are held back are not among them. */
  List<Row> unpublished(Instant now) throws SQLException {
    var rows = new ArrayList<Row>();
    try (var select = connection.prepareStatement(UNPUBLISHED)) {
      select.setTimestamp(1, Timestamp.from(now.minus(HOLDS_BACK)));
      var result = select.executeQuery();
      while (result.next()) {
        rows.add(
            new Row(
                result.getLong("id"),
                result.getString("topic"),
                result.getString("key"),
                result.getString("headers"),
                result.getString("body")));
      }
    }
    return rows;
  }

  /**
   * Whether a look as full as this one may leave more behind. A character has four bytes at most,
   * so this says yes too often rather than too seldom; a look in vain costs one statement.
   */
  static boolean isFull(List<Row> rows) {
    return rows.size() == BATCH
        || rows.stream().mapToLong(row -> row.body().length()).sum() >= BATCH_BYTES / 4;
  }

  static Map<String, String> headers(Row row) throws JsonProcessingException {
    return JSON.readValue(row.headers(), HEADERS);
  }

  void mark(Collection<Long> published, Instant now) throws SQLException {
    if (published.isEmpty()) {
      return;
    }
    try (var update =
        connection.prepareStatement("update outbox set published_at = ? where id = any (?)")) {
      update.setTimestamp(1, Timestamp.from(now));
      update.setArray(2, connection.createArrayOf("bigint", published.toArray()));
      update.executeUpdate();
    }
  }

  /**
   * In one transaction the row stands aside and a dead letter is in the outbox instead. A dead
   * letter that is refused itself has nowhere to go: it stands aside, and is tried again later.
   */
  void setAside(Row row, Failure failure, UUID letterId, Instant now) throws SQLException {
    connection.setAutoCommit(false);
    try {
      try (var update =
          connection.prepareStatement("update outbox set refused_at = ? where id = ?")) {
        update.setTimestamp(1, Timestamp.from(now));
        update.setLong(2, row.id());
        update.executeUpdate();
      }
      if (!Topics.isDeadLetters(row.topic())) {
        insertLetter(row, failure, letterId, now);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void insertLetter(Row row, Failure failure, UUID letterId, Instant now)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "insert into outbox (event_id, topic, key, headers, body, created_at)"
                + " values (?, ?, ?, ?, ?, ?)")) {
      insert.setObject(1, letterId);
      insert.setString(2, Topics.deadLetters(service, Topics.OUTBOX));
      insert.setString(3, row.key());
      insert.setString(4, letterHeaders(row, failure, now));
      insert.setString(5, letterBody(row));
      insert.setTimestamp(6, Timestamp.from(now));
      insert.executeUpdate();
    }
  }

  private static String letterHeaders(Row row, Failure failure, Instant now) {
    Map<String, String> own;
    try {
      own = headers(row);
    } catch (JsonProcessingException e) {
      own = Map.of(); // somebody else's row; the cause says what is wrong with it
    }
    return OutboxRow.json(Delivery.givenUp(own, row.topic(), 1, now, failure, now));
  }

  /** A body that no topic takes cannot be in a letter either: such a letter is unreadable. */
  private static String letterBody(Row row) {
    return row.body().getBytes(StandardCharsets.UTF_8).length > EventSize.BODY ? "{}" : row.body();
  }

  /**
   * Deletes what is too old, a little at a time.
   *
   * @return whether nothing of it is left
   */
  boolean forget(Instant published, Instant handled, Instant refused) throws SQLException {
    return update(FORGET_PUBLISHED, published) < FORGET_AT_ONCE
        & update(FORGET_HANDLED, handled) < FORGET_AT_ONCE
        & update(FORGET_REFUSED, refused) < FORGET_AT_ONCE;
  }

  /** Dead letters that were refused are tried again. */
  void tellAgain(Instant now) throws SQLException {
    update(TELL_AGAIN, now.minus(HOLDS_BACK));
  }

  private int update(String sql, Instant before) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(before));
      return statement.executeUpdate();
    }
  }

  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
