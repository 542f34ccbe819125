package io.agentopia.toolbox.bench.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What the gateway would show, read from its tables: an observer through the API would cost the
 * product more than what it observes. Each look is one transaction with two statements, and is
 * counted.
 */
final class ReadModel implements AutoCloseable {
  static final int STATEMENTS_PER_LOOK = 2;

  /** What has come so far: toolboxes that are active, and those with a tool that runs. */
  record Seen(Set<UUID> active, Set<UUID> running) {}

  private final Connection connection;
  private int looks;

  ReadModel(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  Seen look() throws SQLException {
    looks++;
    var active = ids("select id from toolbox_view where status = 'active'");
    var running = ids("select toolbox_id from tool_view where status = 'running'");
    connection.commit();
    return new Seen(active, running);
  }

  int looks() {
    return looks;
  }

  private Set<UUID> ids(String sql) throws SQLException {
    try (var query = connection.prepareStatement(sql);
        var found = query.executeQuery()) {
      var ids = new HashSet<UUID>();
      while (found.next()) {
        ids.add(found.getObject(1, UUID.class));
      }
      return ids;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
