package io.agentopia.toolbox.system.fault;

import io.agentopia.toolbox.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The services' databases, as an auditor sees them. */
final class Databases {
  private Databases() {}

  static Connection connect(String jdbcUrl) throws SQLException {
    var source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl);
    source.setUser(EmbeddedDatabase.USER);
    source.setPassword(EmbeddedDatabase.USER);
    return source.getConnection();
  }

  static long number(String jdbcUrl, String sql) throws SQLException {
    return Long.parseLong(rows(jdbcUrl, sql).getFirst().getFirst());
  }

  static List<List<String>> rows(String jdbcUrl, String sql) throws SQLException {
    try (var connection = connect(jdbcUrl);
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var rows = new ArrayList<List<String>>();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (var column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
