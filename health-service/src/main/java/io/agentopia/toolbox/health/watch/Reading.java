package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.watch.HeartbeatTopic.Begin;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where in the heartbeats' topic a consumer reads on. */
final class Reading {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Reading() {}

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
