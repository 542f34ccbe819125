package io.agentopia.toolbox.health;

import io.agentopia.toolbox.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Another instance's consumer of the heartbeats, which gets half of the partitions. It reads and
 * commits, and stores nothing: all that is left of an owner that is killed before its first batch.
 */
final class OtherConsumer implements AutoCloseable {
  private final Map<String, Integer> read = new ConcurrentHashMap<>();
  private volatile Set<Integer> partitions = Set.of();
  private volatile boolean isEnding;
  private final Thread thread = new Thread(this::poll, "other-consumer");

  OtherConsumer() {
    thread.start();
  }

  private void poll() {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers",
            ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
            "group.id",
            "health-service",
            "enable.auto.commit",
            false);
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.AGENT_HEARTBEATS));
      while (!isEnding) {
        consumer.poll(Duration.ofMillis(50)).forEach(r -> read.merge(r.key(), 1, Integer::sum));
        consumer.commitSync();
        partitions =
            consumer.assignment().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toSet());
      }
    }
  }

  /** It shares the partitions with the service, one for each. */
  boolean hasJoined() {
    return partitions.size() == 1;
  }

  int partition() {
    return partitions.iterator().next();
  }

  int beatsOf(Story story) {
    return read.getOrDefault(story.id.toString(), 0);
  }

  static int partition(UUID id) {
    return BuiltInPartitioner.partitionForKey(id.toString().getBytes(StandardCharsets.UTF_8), 2);
  }

  @Override
  public void close() {
    isEnding = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
