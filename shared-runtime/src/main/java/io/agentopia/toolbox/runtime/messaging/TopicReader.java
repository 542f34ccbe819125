package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.UnreadableEventException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/** Reads topics from a moment to their present end, without a consumer group. */
@ApplicationScoped
public class TopicReader {
  private static final Logger LOG = Logger.getLogger(TopicReader.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final BrokerSettings broker;

  @Inject
  public TopicReader(BrokerSettings broker) {
    this.broker = broker;
  }

  /**
   * Blocks.
   *
   * @param take chunk by chunk, in the order of each partition
   */
  public void read(String topic, Instant from, Consumer<List<EventEnvelope>> take) {
    try (var consumer = consumer()) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      read(consumer, partitions, from, take);
    }
  }

  /** As {@link #read}, of the one partition that a key's records are in. */
  public void readPartition(
      String topic, String key, Instant from, Consumer<List<EventEnvelope>> take) {
    try (var consumer = consumer()) {
      var partition = partition(key, consumer.partitionsFor(topic).size());
      read(consumer, List.of(new TopicPartition(topic, partition)), from, take);
    }
  }

  /** As the producer chooses it. */
  private static int partition(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Instant from,
      Consumer<List<EventEnvelope>> take) {
    consumer.assign(partitions);
    var ends = new HashMap<>(consumer.endOffsets(partitions));
    var starts =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(p -> p, p -> from.toEpochMilli())));
    for (var partition : partitions) {
      var start = starts.get(partition);
      consumer.seek(partition, start == null ? ends.get(partition) : start.offset());
    }
    while (!isAtEnd(consumer, ends)) {
      var chunk = new ArrayList<EventEnvelope>();
      consumer.poll(POLL).forEach(record -> decode(record, chunk));
      if (!chunk.isEmpty()) {
        take.accept(chunk);
      }
    }
  }

  private static boolean isAtEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private static void decode(ConsumerRecord<byte[], byte[]> record, List<EventEnvelope> chunk) {
    var delivery = Delivery.of(record);
    try {
      chunk.add(EventCodec.decode(delivery.headers(), delivery.body()));
    } catch (UnreadableEventException e) {
      LOG.debugf(
          "record passed over: record=%s/%d/%d cause=%s",
          record.topic(), record.partition(), record.offset(), e.getMessage());
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        broker.with(
            Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class)));
  }
}
