package io.agentopia.toolbox.bench.floor;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Topics and clients of the floor, as durable as the product's: acks from all, no record doubled.
 */
final class Topics {
  private static final int PARTITIONS = 6;

  private Topics() {}

  /** Returns when every partition can be written to: what comes before may be lost. */
  static void create(String bootstrapServers, List<String> names) throws InterruptedException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      var wanted = names.stream().map(n -> new NewTopic(n, PARTITIONS, (short) 1)).toList();
      admin.createTopics(wanted).all().get();
      for (var name : names) {
        for (var partition = 0; partition < PARTITIONS; partition++) {
          var latest = Map.of(new TopicPartition(name, partition), OffsetSpec.latest());
          admin.listOffsets(latest).all().get();
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics cannot be made", e);
    }
  }

  /**
   * @param lingerMillis how long a record may wait for others
   */
  static KafkaProducer<String, byte[]> producer(String bootstrapServers, int lingerMillis) {
    var settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("linger.ms", Integer.toString(lingerMillis));
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  static KafkaConsumer<String, byte[]> consumer(String bootstrapServers, String topic) {
    var settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("group.id", "floor-" + topic);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }
}
