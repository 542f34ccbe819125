package io.agentopia.toolbox.runtime.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads the retry topics of one delay and hands each record over when it is due. All records of a
 * partition wait equally long, so the head of a partition is always the next one due; a waiting
 * partition is paused, and polling goes on.
 */
final class RetryTier implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RetryTier.class);
  private static final Duration LONGEST_POLL = Duration.ofMillis(500);

  private final Map<String, Object> settings;
  private final Set<String> topics;
  private final Clock clock;
  private final Consumer<ConsumerRecord<byte[], byte[]>> handOver;
  private final Map<TopicPartition, ArrayDeque<ConsumerRecord<byte[], byte[]>>> waiting =
      new HashMap<>();
  private volatile boolean running = true;
  private volatile KafkaConsumer<byte[], byte[]> consumer;
  private Thread thread;

  RetryTier(
      BrokerSettings broker,
      String group,
      Set<String> topics,
      Clock clock,
      Consumer<ConsumerRecord<byte[], byte[]>> handOver) {
    this.topics = topics;
    this.clock = clock;
    this.handOver = handOver;
    this.settings =
        broker.with(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                2_000,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                50,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
  }

  void start(Duration delay) {
    thread = Thread.ofPlatform().name("retry-" + delay.toMillis()).daemon().start(this::run);
  }

  @Override
  public void close() {
    running = false;
    var current = consumer;
    if (current != null) {
      current.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (running) {
      try (var current = new KafkaConsumer<byte[], byte[]>(settings)) {
        consumer = current;
        waiting.clear();
        current.subscribe(topics, forgetWhatIsTakenAway());
        while (running) {
          step(current);
        }
      } catch (WakeupException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("retry consumer starts anew: topics=%s cause=%s", topics, e);
      }
    }
  }

  private void step(KafkaConsumer<byte[], byte[]> current) {
    for (var record : current.poll(untilNextDue())) {
      var partition = new TopicPartition(record.topic(), record.partition());
      waiting.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(record);
    }
    current.pause(waiting.keySet());
    handOverDue(current);
    var drained =
        waiting.entrySet().stream()
            .filter(e -> e.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    current.resume(drained);
    waiting.keySet().removeAll(drained);
  }

  /** At most one record of each partition per round, so that polling never falls behind. */
  private void handOverDue(KafkaConsumer<byte[], byte[]> current) {
    for (var entry : waiting.entrySet()) {
      var record = entry.getValue().peek();
      if (record != null && !Delivery.of(record).dueAt().isAfter(clock.instant())) {
        handOver.accept(record);
        current.commitSync(Map.of(entry.getKey(), new OffsetAndMetadata(record.offset() + 1)));
        entry.getValue().poll();
      }
    }
  }

  private Duration untilNextDue() {
    Instant now = clock.instant();
    return waiting.values().stream()
        .filter(queue -> !queue.isEmpty())
        .map(queue -> Duration.between(now, Delivery.of(queue.peek()).dueAt()))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .min(Duration::compareTo)
        .filter(wait -> wait.compareTo(LONGEST_POLL) < 0)
        .orElse(LONGEST_POLL);
  }

  private ConsumerRebalanceListener forgetWhatIsTakenAway() {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        waiting.keySet().removeAll(partitions);
      }

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Each starts at its committed offset; nothing to do.
      }
    };
  }
}
