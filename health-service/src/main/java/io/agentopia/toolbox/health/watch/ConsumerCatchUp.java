package io.agentopia.toolbox.health.watch;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Since when this instance hears the heartbeats of its partitions as they come. After a start, and
 * after a rebalance that brought it more, it first has to read what was written while nobody did;
 * and while no gateway is there to take heartbeats in, or no broker, none can come ({@link Edges}).
 * Until then silence is ours, not the toolboxes'.
 */
@ApplicationScoped
public class ConsumerCatchUp implements HeartbeatTopic {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  static final String CHANNEL = "agent-heartbeats";

  private final KafkaClientService kafka;
  private final Edges edges;

  /** How far to read until caught up: each partition's end when it was assigned. */
  private Map<TopicPartition, Long> ends = Map.of();

  private Instant since;

  @Inject
  public ConsumerCatchUp(KafkaClientService kafka, Edges edges) {
    this.kafka = kafka;
    this.edges = edges;
  }

  @Override
  public Optional<Instant> since(Instant now) {
    Function<Consumer<String, byte[]>, Optional<Instant>> look = consumer -> look(consumer, now);
    var channel = kafka.<String, byte[]>getConsumer(CHANNEL);
    return channel == null // not started yet
        ? Optional.empty()
        : channel
            .runOnPollingThread(look)
            .await()
            .atMost(PATIENCE.multipliedBy(2))
            .flatMap(here -> edges.since(now).map(there -> here.isAfter(there) ? here : there));
  }

  @Override
  public Optional<Instant> still(Instant before, Instant now) {
    return before == null
        ? Optional.empty()
        : edges.since(now).map(there -> before.isAfter(there) ? before : there);
  }

  @Override
  public Begin from(int partition, long offset) {
    Function<Consumer<String, byte[]>, Begin> seek =
        consumer -> Reading.from(consumer, partition, offset);
    return kafka
        .<String, byte[]>getConsumer(CHANNEL)
        .runOnPollingThread(seek)
        .await()
        .atMost(PATIENCE.multipliedBy(4));
  }

  synchronized Optional<Instant> look(Consumer<?, ?> consumer, Instant now) {
    var assigned = consumer.assignment();
    if (assigned.isEmpty()) {
      ends = Map.of();
      since = null;
    } else if (!ends.keySet().containsAll(assigned)) {
      since = null;
      ends = Map.copyOf(consumer.endOffsets(assigned, PATIENCE));
    } else {
      // A partition that was given away and comes back has to be caught up with again.
      ends = only(assigned);
    }
    if (since == null && isCaughtUp(consumer)) {
      since = now;
    }
    return Optional.ofNullable(since);
  }

  private Map<TopicPartition, Long> only(Set<TopicPartition> assigned) {
    return ends.entrySet().stream()
        .filter(e -> assigned.contains(e.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private boolean isCaughtUp(Consumer<?, ?> consumer) {
    return !ends.isEmpty()
        && ends.entrySet().stream()
            .allMatch(e -> consumer.position(e.getKey(), PATIENCE) >= e.getValue());
  }
}
