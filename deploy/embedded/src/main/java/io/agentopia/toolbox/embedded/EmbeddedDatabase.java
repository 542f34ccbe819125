package io.agentopia.toolbox.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * A real PostgreSQL server on the loopback address, from binaries that came as a Maven artifact.
 * The superuser is {@code postgres}; connections from this machine need no password.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  public static final String USER = "postgres";
  private static final String COMPLETE = "toolbox-complete";
  private final EmbeddedPostgres server;
  private final Path data;

  private EmbeddedDatabase(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data;
  }

  /**
   * Starts a server on data that are kept and written through to the disk. A server that an earlier
   * process left behind on the same data is stopped first.
   */
  public static EmbeddedDatabase start(Path dir, int port, List<String> databases) {
    return start(dir, port, databases, DatabaseSecurity.NONE);
  }

  /** The same, open to those alone that {@code security} lets in. */
  static EmbeddedDatabase start(
      Path dir, int port, List<String> databases, DatabaseSecurity security) {
    var data = dir.toAbsolutePath().normalize();
    try {
      LeftBehindServer.stop(data);
      discardHalfMade(data);
      // The library turns both off for tests; the later option wins.
      var builder =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setDataDirectory(data)
              .setCleanDataDirectory(false);
      security.configure(builder);
      var database = started(builder, data, port, databases);
      database.closeTo(security);
      Files.writeString(data.resolve(COMPLETE), "initdb ran to its end\n");
      return database;
    } catch (IOException | SQLException | RuntimeException e) {
      throw failure(port, data, e);
    }
  }

  /** Starts a server on throw-away data, without fsync; both end with this JVM. */
  public static EmbeddedDatabase temporary(List<String> databases) {
    var port = Ports.anyFree();
    Path data = null;
    try {
      data = Files.createTempDirectory("toolbox-postgres");
      var builder =
          EmbeddedPostgres.builder().setServerConfig("fsync", "off").setDataDirectory(data);
      return started(builder, data, port, databases);
    } catch (IOException | SQLException | RuntimeException e) {
      throw failure(port, data, e);
    }
  }

  public int port() {
    return server.getPort();
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  public void createIfAbsent(String database) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var look = connection.prepareStatement("select 1 from pg_database where datname = ?");
        var create = connection.createStatement()) {
      look.setString(1, database);
      if (!look.executeQuery().next()) {
        create.execute("create database \"" + database.replace("\"", "\"\"") + "\"");
      }
    }
  }

  private void closeTo(DatabaseSecurity security) throws SQLException, IOException {
    try (var superuser = server.getPostgresDatabase().getConnection()) {
      security.close(superuser, data);
    }
  }

  /** The server's own process; empty when it has ended. */
  public OptionalLong pid() {
    return LeftBehindServer.pid(data);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("stopping PostgreSQL on port " + port() + " failed", e);
    }
  }

  private static EmbeddedDatabase started(
      EmbeddedPostgres.Builder builder, Path data, int port, List<String> databases)
      throws IOException, SQLException {
    UnpackedServers.discardHalfMade();
    var server =
        builder
            .setPort(port)
            .setServerConfig("listen_addresses", "127.0.0.1")
            // Its lock file in /tmp would outlive a killed server, and names a process as well.
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("shared_buffers", "64MB")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
    var database = new EmbeddedDatabase(server, data);
    for (var name : databases) {
      database.createIfAbsent(name);
    }
    return database;
  }

  /** initdb cut short leaves a directory that is neither empty nor a database: begin again. */
  private static void discardHalfMade(Path data) throws IOException {
    Files.createDirectories(data.getParent());
    if (!Files.exists(data.resolve(COMPLETE))) {
      Directories.delete(data);
    }
  }

  private static IllegalStateException failure(int port, Path data, Exception e) {
    return new IllegalStateException(
        "starting PostgreSQL on port %d with the data in %s failed: %s"
            .formatted(port, data, e.getMessage()),
        e);
  }
}
