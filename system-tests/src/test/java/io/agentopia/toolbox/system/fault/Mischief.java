package io.agentopia.toolbox.system.fault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Says again, out of turn, one in ten of the events that pass by: the same id, the same bytes, up
 * to three seconds late, so behind events that are newer.
 */
final class Mischief implements AutoCloseable {
  private static final double SHARE = 0.1;
  private static final List<String> TOPICS =
      List.of(
          "toolbox.requests",
          "toolbox.lifecycle",
          "toolbox.boot",
          "toolbox.health",
          "tool.requests",
          "tool.lifecycle",
          "toolbox.manifests",
          "agent.reports",
          "agent.heartbeats");

  private record Late(long at, ConsumerRecord<String, byte[]> record) {}

  private final Map<String, Object> settings = new HashMap<>();
  private final Random random;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile int repeated;

  Mischief(String bootstrapServers, long seed) {
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("group.id", "mischief-" + UUID.randomUUID());
    settings.put("auto.offset.reset", "latest");
    random = new Random(seed);
    thread = Thread.ofPlatform().daemon().name("mischief").start(this::run);
  }

  int repeated() {
    return repeated;
  }

  private void run() {
    var late = new ArrayList<Late>();
    try (var consumer =
            new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        var producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", settings.get("bootstrap.servers")),
                new StringSerializer(),
                new ByteArraySerializer())) {
      consumer.subscribe(TOPICS);
      while (running || !late.isEmpty()) {
        for (var record : consumer.poll(Duration.ofMillis(50))) {
          if (running
              && record.headers().lastHeader("x-test") == null
              && random.nextDouble() < SHARE) {
            late.add(new Late(System.nanoTime() + random.nextLong(3_000_000_000L), record));
          }
        }
        late.removeIf(l -> l.at() - System.nanoTime() < 0 && repeat(producer, l.record()));
      }
      producer.flush();
    }
  }

  private boolean repeat(
      KafkaProducer<String, byte[]> producer, ConsumerRecord<String, byte[]> record) {
    var again = new ProducerRecord<>(record.topic(), record.key(), record.value());
    record.headers().forEach(again.headers()::add);
    again.headers().add("x-test", "repeated".getBytes(StandardCharsets.UTF_8));
    producer.send(again);
    repeated++;
    return true;
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    thread.join();
  }
}
