package io.agentopia.toolbox.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * How clients come to the embedded database: from this machine without a password, or as a file
 * says (environment {@code POSTGRES_SECURITY}): with TLS and a password only. The file has the
 * server's own settings for TLS; {@code scram.<user>=<password>} makes users, the superuser among
 * them, each the owner of the database of its name.
 */
record DatabaseSecurity(Map<String, String> told) {
  static final DatabaseSecurity NONE = new DatabaseSecurity(Map.of());

  static DatabaseSecurity read(Path file) {
    var told = SecurityFile.read(file, "database");
    if (!told.containsKey(SecurityFile.USER + EmbeddedDatabase.USER)) {
      throw new IllegalArgumentException(
          "%s has no %s%s: nobody could come in to make the others"
              .formatted(file, SecurityFile.USER, EmbeddedDatabase.USER));
    }
    return new DatabaseSecurity(Map.copyOf(told));
  }

  /** The server's settings, and how the superuser comes in before and after {@link #close}. */
  void configure(EmbeddedPostgres.Builder builder) {
    if (told.isEmpty()) {
      return;
    }
    builder.setServerConfig("ssl", "on");
    told.forEach(
        (name, value) -> {
          if (SecurityFile.isSetting(name)) {
            builder.setServerConfig(name, value);
          }
        });
    builder.setConnectConfig("sslmode", "require");
    builder.setConnectConfig("password", told.get(SecurityFile.USER + EmbeddedDatabase.USER));
  }

  /** Makes the users, and lets nobody in any more without TLS and a password. */
  void close(Connection superuser, Path data) throws SQLException, IOException {
    if (told.isEmpty()) {
      return;
    }
    for (var entry : told.entrySet()) {
      if (entry.getKey().startsWith(SecurityFile.USER)) {
        makeUser(superuser, entry.getKey().substring(SecurityFile.USER.length()), entry.getValue());
      }
    }
    Files.writeString(data.resolve("pg_hba.conf"), "hostssl all all samehost scram-sha-256\n");
    try (var statement = superuser.createStatement()) {
      statement.execute("select pg_reload_conf()");
    }
  }

  private static void makeUser(Connection superuser, String user, String password)
      throws SQLException {
    var text = superuser.unwrap(PGConnection.class);
    var name = text.escapeIdentifier(user);
    var secret = text.escapeLiteral(password);
    try (var statement = superuser.createStatement()) {
      if (!isThere(superuser, "select 1 from pg_roles where rolname = ?", user)) {
        statement.execute("create role %s login".formatted(name));
      }
      statement.execute("alter role %s password '%s'".formatted(name, secret));
      if (isThere(superuser, "select 1 from pg_database where datname = ?", user)) {
        statement.execute("alter database %s owner to %s".formatted(name, name));
      }
    }
  }

  private static boolean isThere(Connection superuser, String sql, String name)
      throws SQLException {
    try (var look = superuser.prepareStatement(sql)) {
      look.setString(1, name);
      return look.executeQuery().next();
    }
  }

  /** Passwords stay out of logs. */
  @Override
  public String toString() {
    return "DatabaseSecurity" + told.keySet();
  }
}
