package io.agentopia.toolbox.testing;

import io.agentopia.toolbox.embedded.Directories;
import io.agentopia.toolbox.embedded.EmbeddedDatabase;
import io.agentopia.toolbox.embedded.EmbeddedKafka;
import io.agentopia.toolbox.embedded.Ports;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A broker and a database for {@code @QuarkusTest}s: started once per JVM, with a database of its
 * own for each start of the application. With {@code -Dkafka=testcontainers} the broker is
 * Testcontainers', for those who have an engine and its image.
 */
public class EmbeddedStackResource implements QuarkusTestResourceLifecycleManager {
  /**
   * Where the two are once they run. System properties, because Quarkus may load this class more
   * than once, and each copy would have static fields of its own.
   */
  private static final String BROKER = "toolbox.testing.bootstrap-servers";

  private static final String DATABASE = "toolbox.testing.database-server";
  private static final String FAILURE = "toolbox.testing.failure";

  @Override
  public Map<String, String> start() {
    synchronized (System.getProperties()) {
      startOnce();
    }
    var server = System.getProperty(DATABASE);
    var database = newDatabase(server);
    return Map.ofEntries(
        Map.entry("kafka.bootstrap.servers", System.getProperty(BROKER)),
        Map.entry("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + server + "/" + database),
        Map.entry("quarkus.datasource.reactive.url", "postgresql://" + server + "/" + database),
        Map.entry("quarkus.datasource.username", EmbeddedDatabase.USER),
        Map.entry("quarkus.datasource.password", EmbeddedDatabase.USER),
        // What the broker and the database in this JVM tell about themselves is not the test's.
        Map.entry("quarkus.log.category.\"kafka\".level", "WARN"),
        Map.entry("quarkus.log.category.\"state.change.logger\".level", "WARN"),
        Map.entry("quarkus.log.category.\"io.zonky\".level", "WARN"));
  }

  @Override
  public void stop() {
    // Both end with the JVM: the next test class uses them again.
  }

  /** What failed once is not tried again: each of many test classes would wait for it. */
  private static void startOnce() {
    if (System.getProperty(FAILURE) != null) {
      throw new IllegalStateException(System.getProperty(FAILURE));
    }
    if (System.getProperty(DATABASE) == null) {
      try {
        startBoth();
      } catch (RuntimeException e) {
        System.setProperty(
            FAILURE, "starting the tests' broker and database failed: " + e.getMessage());
        throw e;
      }
    }
  }

  private static void startBoth() {
    var database = CompletableFuture.supplyAsync(() -> EmbeddedDatabase.temporary(List.of()));
    var inContainer = "testcontainers".equals(System.getProperty("kafka"));
    System.setProperty(BROKER, inContainer ? ContainerKafka.start() : embeddedKafka());
    System.setProperty(DATABASE, "127.0.0.1:" + database.join().port());
  }

  private static String embeddedKafka() {
    try {
      var dir = Files.createTempDirectory("toolbox-kafka");
      var kafka = EmbeddedKafka.start(dir, Ports.anyFree());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(kafka, dir), "stop-kafka"));
      return kafka.bootstrapServers();
    } catch (IOException e) {
      throw new UncheckedIOException("making a directory for the broker failed", e);
    }
  }

  private static void discard(EmbeddedKafka kafka, Path dir) {
    kafka.close();
    Directories.discard(dir);
  }

  private static String newDatabase(String server) {
    var name = "test_" + UUID.randomUUID().toString().replace("-", "");
    // Not by DriverManager, which knows drivers by class loader.
    var postgres = new PGSimpleDataSource();
    postgres.setUrl("jdbc:postgresql://" + server + "/postgres");
    postgres.setUser(EmbeddedDatabase.USER);
    try (var connection = postgres.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("creating database " + name + " at " + server + " failed", e);
    }
  }
}
