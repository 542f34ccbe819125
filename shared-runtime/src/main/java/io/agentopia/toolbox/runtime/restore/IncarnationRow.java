package io.agentopia.toolbox.runtime.restore;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/** The one row of {@code incarnation}, by a plain connection. Times are passed in. */
record IncarnationRow(
    Incarnation incarnation,
    String identity,
    String found,
    Instant knownUntil,
    boolean isRecalled,
    boolean isRetold,
    String declaredBy,
    String declaredWhy) {

  /**
   * A restored database is another one by its cluster, by its number in it or by its row's table;
   * and a base backup that was brought forward goes on in another timeline.
   */
  private static final String FOUND =
      "(select system_identifier from pg_control_system()) || '/' ||"
          + " (select oid from pg_database where datname = current_database()) || '/' ||"
          + " 'incarnation'::regclass::oid || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)";

  private static final String READ =
      "select number, since, identity, known_until, recalled_at, retold_at, declared_by,"
          + " declared_why, "
          + FOUND
          + " as found from incarnation";

  /** The last moment of which there is a trace. */
  private static final String TRACE =
      "select greatest((select max(received_at) from inbox), (select max(created_at) from outbox))";

  static IncarnationRow read(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(READ)) {
      row.next();
      return new IncarnationRow(
          new Incarnation(row.getLong("number"), instant(row.getTimestamp("since"))),
          row.getString("identity"),
          row.getString("found"),
          instant(row.getTimestamp("known_until")),
          row.getTimestamp("recalled_at") != null,
          row.getTimestamp("retold_at") != null,
          row.getString("declared_by"),
          row.getString("declared_why"));
    }
  }

  /** Whether this database is not the one that the row was written in, or somebody says so. */
  boolean isAnother() {
    return declaredBy != null || identity != null && !identity.equals(found);
  }

  static void identify(Connection connection, String found) throws SQLException {
    try (var update = connection.prepareStatement("update incarnation set identity = ?")) {
      update.setString(1, found);
      update.executeUpdate();
    }
  }

  /**
   * @param oldest known until then where there is no trace at all
   */
  static void begin(Connection connection, Incarnation next, String found, Instant oldest)
      throws SQLException {
    var knownUntil = trace(connection);
    try (var update =
        connection.prepareStatement(
            "update incarnation set number = ?, since = ?, identity = ?, known_until = ?,"
                + " recalled_at = null, retold_at = null, declared_by = null, declared_why = null")) {
      update.setLong(1, next.number());
      update.setTimestamp(2, Timestamp.from(next.since()));
      update.setString(3, found);
      update.setTimestamp(4, Timestamp.from(knownUntil == null ? oldest : knownUntil));
      update.executeUpdate();
    }
  }

  private static Instant trace(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(TRACE)) {
      return row.next() ? instant(row.getTimestamp(1)) : null;
    }
  }

  static void recalled(Connection connection, Instant now) throws SQLException {
    mark(connection, "recalled_at", now);
  }

  static void retold(Connection connection, Instant now) throws SQLException {
    mark(connection, "retold_at", now);
  }

  private static void mark(Connection connection, String column, Instant now) throws SQLException {
    try (var update = connection.prepareStatement("update incarnation set " + column + " = ?")) {
      update.setTimestamp(1, Timestamp.from(now));
      update.executeUpdate();
    }
  }

  static void declare(Connection connection, String who, String why) throws SQLException {
    try (var update =
        connection.prepareStatement("update incarnation set declared_by = ?, declared_why = ?")) {
      update.setString(1, who);
      update.setString(2, why);
      update.executeUpdate();
    }
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
