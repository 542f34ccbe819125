package io.agentopia.toolbox.bench.floor;

import io.agentopia.toolbox.bench.measure.Counter;
import io.agentopia.toolbox.embedded.Directories;
import io.agentopia.toolbox.embedded.EmbeddedDatabase;
import io.agentopia.toolbox.embedded.KafkaMain;
import io.agentopia.toolbox.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Broker and database as the platform has them, fsync on, and nothing of the product. */
final class Ground implements AutoCloseable {
  static final String DATABASE = "bench";
  static final String USER = EmbeddedDatabase.USER;
  private static final List<String> FLAGS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Path directory;
  private final EmbeddedDatabase database;
  private final Process broker;
  private final int brokerPort;

  private Ground(Path directory, EmbeddedDatabase database, Process broker, int brokerPort) {
    this.directory = directory;
    this.database = database;
    this.broker = broker;
    this.brokerPort = brokerPort;
  }

  static Ground prepare(Path work) throws InterruptedException {
    try {
      var directory = Files.createTempDirectory(work, "ground-");
      var port = Ports.anyFree();
      var line = java(System.getProperty("java.class.path"));
      line.addAll(List.of(KafkaMain.class.getName(), directory + "/kafka", Integer.toString(port)));
      var log = directory.resolve("kafka.log").toFile();
      var broker = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log).start();
      var ground = new Ground(directory, database(directory), broker, port);
      ground.awaitBroker();
      return ground;
    } catch (IOException e) {
      throw new UncheckedIOException("broker and database cannot be started", e);
    }
  }

  /** Twice: what counts statements has to be there when the server starts. */
  private static EmbeddedDatabase database(Path directory) {
    var data = directory.resolve("postgres");
    var port = Ports.anyFree();
    try (var first = EmbeddedDatabase.start(data, port, List.of(DATABASE))) {
      execute(
          first.jdbcUrl("postgres"),
          "alter system set shared_preload_libraries = 'pg_stat_statements'",
          "alter system set pg_stat_statements.track_utility = off");
    }
    var second = EmbeddedDatabase.start(data, port, List.of(DATABASE));
    execute(second.jdbcUrl("postgres"), "create extension pg_stat_statements");
    return second;
  }

  private static void execute(String url, String... statements) {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not count statements", e);
    }
  }

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, USER, USER);
  }

  private void awaitBroker() throws InterruptedException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin.describeCluster().nodes().get(1, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException("the broker does not start", e);
    }
  }

  /** The shipped flags of a service, and its class path by argument. */
  static List<String> java(String classPath) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(FLAGS);
    line.addAll(List.of("-cp", classPath));
    return line;
  }

  String bootstrapServers() {
    return "127.0.0.1:" + brokerPort;
  }

  String jdbcUrl() {
    return database.jdbcUrl(DATABASE);
  }

  /** Counts what {@code process} and what it stands on do. */
  Counter counter(String name, long pid) {
    return new Counter(
        () ->
            new TreeMap<>(
                Map.of(name, pid, "kafka", broker.pid(), "postgres", database.pid().orElseThrow())),
        () -> {
          try {
            return connect(database.jdbcUrl("postgres"));
          } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
          }
        },
        bootstrapServers(),
        null);
  }

  @Override
  public void close() {
    broker.destroy();
    broker.onExit().join();
    database.close();
    Directories.discard(directory);
  }
}
