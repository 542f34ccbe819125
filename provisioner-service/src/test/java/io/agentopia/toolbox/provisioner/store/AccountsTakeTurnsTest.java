package io.agentopia.toolbox.provisioner.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The order in which due steps are taken; in a transaction that is never committed. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class AccountsTakeTurnsTest {
  /** Nothing else was due in that year. */
  private static final String THEN = "2001-01-01T00:00:00Z";

  @Inject DataSource database;

  @Test
  void theFirstOfEachAccountComesBeforeTheSecondOfAny() throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      due(connection, "many", 40, "2000-01-01");
      due(connection, "few", 2, "2000-06-01");
      due(connection, "one", 1, "2000-12-01");
      assertThat(claimed(connection, 4)).containsExactlyInAnyOrder("many", "few", "one", "many");
      assertThat(claimed(connection, 3)).containsExactlyInAnyOrder("few", "many", "many");
      assertThat(claimed(connection, 100)).hasSize(36).containsOnly("many");
      connection.rollback();
    }
  }

  /** What another instance holds is passed over, and does not count as taken. */
  @Test
  void whatIsHeldByAnotherIsPassedOver() throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      due(connection, "many", 5, "2000-01-01");
      assertThat(claimed(connection, 2)).hasSize(2);
      assertThat(claimed(connection, 10)).hasSize(3);
      assertThat(claimed(connection, 10)).isEmpty();
      connection.rollback();
    }
  }

  private static void due(Connection connection, String account, int count, String day)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "insert into account_tool_environments (id, account_id, name, region, size, status,"
              + " generation, sequence, state_type, state, version, created_at, updated_at, next_at)"
              + " select gen_random_uuid(), '%s', 'turn-' || n, 'nyc3', 's-1vcpu-1gb', 'provisioning',"
                  .formatted(account)
              + " 1, 1, 'Requested', '{}', 0, now(), now(), timestamptz '%s' + n * interval '1 s'"
                  .formatted(day)
              + " from generate_series(1, %d) n".formatted(count));
    }
  }

  /** The accounts of what was taken. */
  private static List<String> claimed(Connection connection, int most) throws SQLException {
    try (var statement = connection.createStatement()) {
      var accounts = new ArrayList<String>();
      for (var id : ids(statement, most)) {
        try (var found =
            statement.executeQuery(
                "select account_id from account_tool_environments where id = '" + id + "'")) {
          found.next();
          accounts.add(found.getString(1));
        }
      }
      return accounts;
    }
  }

  private static List<String> ids(Statement statement, int most) throws SQLException {
    statement.execute(
        "prepare claim (timestamptz, int) as "
            + ToolboxTable.DUE.replace("?1", "$1").replace("?2", "$2"));
    var ids = new ArrayList<String>();
    try (var found = statement.executeQuery("execute claim ('%s', %d)".formatted(THEN, most))) {
      while (found.next()) {
        ids.add(found.getString("id"));
      }
    } finally {
      statement.execute("deallocate claim");
    }
    for (var id : ids) {
      statement.execute(
          "update account_tool_environments set next_at = '2100-01-01' where id = '" + id + "'");
    }
    return ids;
  }
}
