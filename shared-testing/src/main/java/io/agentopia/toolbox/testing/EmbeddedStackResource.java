package io.agentopia.toolbox.testing;

import io.agentopia.toolbox.local.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A broker and a database for {@code @QuarkusTest}s: started once per JVM, with a database of its
 * own for each start of the application. With {@code -Dkafka=testcontainers} the broker is
 * Testcontainers', for those who have an engine and its image.
 */
public class EmbeddedStackResource implements QuarkusTestResourceLifecycleManager {
  private static final String KAFKA_IMAGE = "apache/kafka:4.1.1";
  private static String bootstrapServers;
  private static EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      startOnce();
      var database = newDatabase();
      return Map.of(
          "kafka.bootstrap.servers",
          bootstrapServers,
          "quarkus.datasource.jdbc.url",
          "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database,
          "quarkus.datasource.reactive.url",
          "postgresql://127.0.0.1:" + postgres.getPort() + "/" + database,
          "quarkus.datasource.username",
          "postgres",
          "quarkus.datasource.password",
          "postgres");
    } catch (Exception e) {
      throw new IllegalStateException(
          "starting the broker and the database of the tests failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() {
    // Both end with the JVM: the next test class uses them again.
  }

  private static synchronized void startOnce() throws Exception {
    if (bootstrapServers != null) {
      return;
    }
    // Throw-away data: nothing is worth an fsync.
    postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    bootstrapServers =
        "testcontainers".equals(System.getProperty("kafka")) ? container() : embedded();
  }

  private static String embedded() throws Exception {
    return EmbeddedKafka.start(Files.createTempDirectory("toolbox-kafka"), EmbeddedKafka.freePort())
        .bootstrapServers();
  }

  private static String container() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "-Dkafka=testcontainers needs a Docker engine, and none answers. Start one, or leave the switch out.");
    }
    var kafka = new KafkaContainer(KAFKA_IMAGE);
    kafka.start();
    return kafka.getBootstrapServers();
  }

  private static String newDatabase() throws SQLException {
    var name = "test_" + UUID.randomUUID().toString().replace("-", "");
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return name;
  }
}
