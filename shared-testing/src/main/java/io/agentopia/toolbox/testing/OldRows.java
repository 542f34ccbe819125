package io.agentopia.toolbox.testing;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Statements that forget, run by their own parameters. */
public final class OldRows {
  private OldRows() {}

  /**
   * Runs a statement whose {@code $1} is the time before which rows go, and {@code $2} how many.
   *
   * @return rows of twenty years ago
   */
  public static int deletedBy(String sql, DataSource database) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("prepare forget (timestamptz, int) as " + sql);
      try {
        return statement.executeUpdate("execute forget (now() - interval '20 years', 500)");
      } finally {
        statement.execute("deallocate forget");
      }
    }
  }
}
