package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.watch.EvaluationLoop;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Tells the watch which partitions it reads; called by the consumer's thread. */
@ApplicationScoped
@Identifier("agent-heartbeats")
public class HeartbeatPartitionsChange implements KafkaConsumerRebalanceListener {
  private final EvaluationLoop round;

  @Inject
  public HeartbeatPartitionsChange(EvaluationLoop round) {
    this.round = round;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    var begins =
        partitions.stream()
            .collect(Collectors.toMap(TopicPartition::partition, consumer::position));
    round.assigned(consumer.partitionsFor(Topics.AGENT_HEARTBEATS).size(), begins);
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    round.handOver(numbers(partitions));
  }

  private static List<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).toList();
  }
}
