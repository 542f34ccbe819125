package io.agentopia.toolbox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddedStackResourceTest {
  @Test
  void eachStartGetsADatabaseOfItsOwnOnTheSameServer() throws SQLException {
    var first = new EmbeddedStackResource().start();
    var second = new EmbeddedStackResource().start();

    assertThat(second.get("kafka.bootstrap.servers"))
        .isEqualTo(first.get("kafka.bootstrap.servers"));
    execute(first, "create table only_here (id int)");
    execute(second, "create table only_here (id int)");
    assertThat(first.get("quarkus.datasource.jdbc.url"))
        .isEqualTo("jdbc:" + first.get("quarkus.datasource.reactive.url"))
        .isNotEqualTo(second.get("quarkus.datasource.jdbc.url"));
  }

  @Test
  void theBrokerTakesRecords() throws Exception {
    Map<String, Object> broker =
        Map.of(
            "bootstrap.servers",
            new EmbeddedStackResource().start().get("kafka.bootstrap.servers"));
    try (var admin = Admin.create(broker)) {
      admin.createTopics(List.of(new NewTopic("greetings", 1, (short) 1))).all().get();
    }
    try (var producer =
        new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer())) {
      var record =
          new ProducerRecord<byte[], byte[]>("greetings", "hi".getBytes(StandardCharsets.UTF_8));
      assertThat(producer.send(record).get().offset()).isZero();
    }
  }

  private static void execute(Map<String, String> config, String sql) throws SQLException {
    var database = new PGSimpleDataSource();
    database.setUrl(config.get("quarkus.datasource.jdbc.url"));
    database.setUser(config.get("quarkus.datasource.username"));
    database.setPassword(config.get("quarkus.datasource.password"));
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
