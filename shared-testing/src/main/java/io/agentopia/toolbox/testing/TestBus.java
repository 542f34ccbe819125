package io.agentopia.toolbox.testing;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The outside world's end of the broker: publishes as another service would, and reads what the
 * service under test published.
 */
public final class TestBus {
  private static final TestBus INSTANCE = new TestBus();
  private KafkaProducer<String, byte[]> producer;

  private TestBus() {}

  public static TestBus get() {
    return INSTANCE;
  }

  /** Publishes with a new event id; the id is returned. */
  public UUID publish(Event event) {
    var id = UUID.randomUUID();
    publish(id, event);
    return id;
  }

  public void publish(UUID id, Event event) {
    var wire = EventCodec.encode(new EventEnvelope(id, "/test", Instant.now(), null, event));
    publish(wire.topic(), wire.key(), wire.headers(), wire.body());
  }

  public synchronized void publish(
      String topic, String key, Map<String, String> headers, byte[] body) {
    var record = new ProducerRecord<>(topic, key, body);
    headers.forEach(
        (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    try {
      producer().send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("publishing to " + topic + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All events about a toolbox that stand on a topic now, oldest first. */
  public List<Event> events(String topic, UUID toolboxId) {
    return records(topic).stream()
        .filter(r -> toolboxId.toString().equals(r.key()))
        .map(r -> EventCodec.decode(headers(r), r.value()).event())
        .toList();
  }

  public <E extends Event> List<E> events(String topic, UUID toolboxId, Class<E> type) {
    return events(topic, toolboxId).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** All records of a topic, partition by partition. */
  public List<ConsumerRecord<String, byte[]>> records(String topic) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", bootstrapServers(), "enable.auto.commit", false);
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var end = consumer.endOffsets(partitions);
      var records = new ArrayList<ConsumerRecord<String, byte[]>>();
      while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  public static Map<String, String> headers(ConsumerRecord<?, ?> record) {
    var headers = new LinkedHashMap<String, String>();
    record
        .headers()
        .forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  private KafkaProducer<String, byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  bootstrapServers(),
                  "acks",
                  "all",
                  "max.request.size",
                  2 * EventSize.SET_ASIDE),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  private static String bootstrapServers() {
    return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
  }
}
