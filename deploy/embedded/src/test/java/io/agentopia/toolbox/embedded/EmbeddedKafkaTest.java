package io.agentopia.toolbox.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir Path dir;

  @BeforeAll
  static void quiet() {
    Logging.configure();
  }

  @Test
  void whatWasAcknowledgedIsFoundAgainAfterKill9() throws Exception {
    var port = Ports.anyFree();
    Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:" + port);

    var first = started(port);
    try {
      createTopic(client);
      produce(client, "kept");
    } finally {
      first.destroyForcibly().waitFor();
    }
    var second = started(port);
    try {
      assertThat(consume(client)).containsExactly("kept");
    } finally {
      second.destroy();
    }
    assertThat(second.waitFor()).as("exit code after SIGTERM").isEqualTo(143);
  }

  private Process started(int port) throws Exception {
    var process = JavaProcess.start(KafkaMain.class, dir, port);
    var ready = KafkaMain.readyFile(dir);
    await().atMost(Duration.ofSeconds(60)).until(() -> ready.isOf(process.pid()));
    return process;
  }

  private static void createTopic(Map<String, Object> client) throws Exception {
    try (var admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
    }
  }

  private static void produce(Map<String, Object> client, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("t", value)).get();
    }
  }

  private static List<String> consume(Map<String, Object> client) {
    var partition = new TopicPartition("t", 0);
    try (var consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var records = consumer.poll(Duration.ofSeconds(30)).records(partition);
      return records.stream().map(r -> r.value()).toList();
    }
  }
}
