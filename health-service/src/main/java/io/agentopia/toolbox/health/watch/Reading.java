package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where in the heartbeats' topic this instance reads. */
@ApplicationScoped
public class Reading {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaClientService kafka;

  @Inject
  public Reading(KafkaClientService kafka) {
    this.kafka = kafka;
  }

  /**
   * @param next where reading goes on
   * @param goal where the topic ends now: all before it may be known to others already
   */
  record Begin(long next, long goal) {}

  /** Reads a partition from there on, or as much of it as the topic still has. Blocks. */
  Begin from(int partition, long offset) {
    Function<Consumer<String, byte[]>, Begin> seek = consumer -> from(consumer, partition, offset);
    return kafka
        .<String, byte[]>getConsumer(ConsumerCatchUp.CHANNEL)
        .runOnPollingThread(seek)
        .await()
        .atMost(PATIENCE.multipliedBy(4));
  }

  static Begin from(Consumer<?, ?> consumer, int partition, long offset) {
    var topic = new TopicPartition(Topics.AGENT_HEARTBEATS, partition);
    var position = consumer.position(topic, PATIENCE);
    var begin = consumer.beginningOffsets(Set.of(topic), PATIENCE).get(topic);
    var end = consumer.endOffsets(Set.of(topic), PATIENCE).get(topic);
    var next = Math.clamp(offset, begin, end);
    if (next < position) {
      consumer.seek(topic, next);
    }
    return new Begin(next, end);
  }
}
