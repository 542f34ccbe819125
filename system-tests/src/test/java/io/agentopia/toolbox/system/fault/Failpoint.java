package io.agentopia.toolbox.system.fault;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stops a service at one statement, inside its transaction, until it is let go: a trigger waits for
 * a lock that the test holds. The services know nothing of it.
 */
final class Failpoint implements AutoCloseable {
  private static final int LOCK = 4711;
  private static final String TRANSACTION = "a.pid || ' since ' || a.xact_start";
  private static final String WAITING =
      "pg_locks l join pg_stat_activity a using (pid)"
          + " where l.locktype = 'advisory' and not l.granted and l.objid = "
          + LOCK;

  private final Connection test;
  private final String table;

  private Failpoint(Connection test, String table) {
    this.test = test;
    this.table = table;
  }

  /**
   * @param statement {@code insert} or {@code update}
   */
  static Failpoint before(String statement, String table, String jdbcUrl) throws SQLException {
    var point = new Failpoint(Databases.connect(jdbcUrl), table);
    point.execute("select pg_advisory_lock(" + LOCK + ")");
    point.execute(
        """
        create or replace function failpoint() returns trigger language plpgsql as $$
        begin
          perform pg_advisory_xact_lock_shared(%d);
          return null;
        end $$;
        create trigger failpoint before %s on %s for each statement execute function failpoint()
        """
            .formatted(LOCK, statement, table));
    return point;
  }

  /** The instance that waits there. */
  String awaitHit() {
    var instance = new AtomicReference<String>();
    await("somebody to reach the failpoint on " + table)
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              instance.set(waiting());
              return instance.get() != null;
            });
    return instance.get();
  }

  private String waiting() throws SQLException {
    var instances = column("a.application_name", WAITING);
    return instances.isEmpty() ? null : instances.getFirst();
  }

  /** The transactions that wait there. */
  List<String> transactions() throws SQLException {
    return column(TRANSACTION, WAITING);
  }

  /** Whether all of these have ended. */
  boolean haveEnded(List<String> transactions) throws SQLException {
    return Collections.disjoint(transactions, column(TRANSACTION, "pg_stat_activity a where true"));
  }

  private List<String> column(String what, String from) throws SQLException {
    var sql = "select " + what + " from " + from + " and a.datname = current_database()";
    try (var statement = test.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /** Lets those who wait go on, and nobody is stopped any more. */
  void release() throws SQLException {
    execute("select pg_advisory_unlock(" + LOCK + ")");
    // Waits for transactions under way; those of a frozen process are ended by the database.
    execute("drop trigger if exists failpoint on " + table);
  }

  private void execute(String sql) throws SQLException {
    try (var statement = test.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    release();
    test.close();
  }
}
