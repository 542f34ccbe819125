package io.agentopia.toolbox.testing;

import io.agentopia.toolbox.local.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;

/** TEMPORARY minimal form; replaced by the local stack's builder. */
public class EmbeddedStackResource implements QuarkusTestResourceLifecycleManager {
  private static EmbeddedKafka kafka;
  private static EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      if (kafka == null) {
        kafka = EmbeddedKafka.start(Files.createTempDirectory("kafka"), EmbeddedKafka.freePort());
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
      }
      var name = "test_" + UUID.randomUUID().toString().replace("-", "");
      try (var c = postgres.getPostgresDatabase().getConnection();
          var s = c.createStatement()) {
        s.execute("create database " + name);
      }
      return Map.of(
          "kafka.bootstrap.servers",
          kafka.bootstrapServers(),
          "quarkus.datasource.jdbc.url",
          "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name,
          "quarkus.datasource.reactive.url",
          "postgresql://127.0.0.1:" + postgres.getPort() + "/" + name,
          "quarkus.datasource.username",
          "postgres",
          "quarkus.datasource.password",
          "postgres");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {}
}
