package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerCatchUpTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final TopicPartition FIRST = new TopicPartition("agent.heartbeats", 0);
  private static final TopicPartition SECOND = new TopicPartition("agent.heartbeats", 1);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final Edges edges = new Edges();
  private final ConsumerCatchUp listening = new ConsumerCatchUp(null, edges);

  @BeforeEach
  void tenHeartbeatsOnEachPartition() {
    consumer.updateEndOffsets(Map.of(FIRST, 10L, SECOND, 10L));
  }

  @Test
  void withoutPartitionsItIsNotListening() {
    assertThat(listening.look(consumer, NOON)).isEmpty();
  }

  @Test
  void itListensFromWhenTheLastPartitionIsReadToWhereItEndedAtTheStart() {
    assigned(FIRST, SECOND);
    read(FIRST, 10);
    read(SECOND, 9);
    assertThat(listening.look(consumer, NOON)).isEmpty();
    read(SECOND, 10);
    assertThat(listening.look(consumer, NOON.plusSeconds(40))).contains(NOON.plusSeconds(40));
  }

  @Test
  void newHeartbeatsDoNotMoveTheGoal() {
    assigned(FIRST);
    read(FIRST, 10);
    listening.look(consumer, NOON);
    consumer.updateEndOffsets(Map.of(FIRST, 99L));
    assertThat(listening.look(consumer, NOON.plusSeconds(1))).contains(NOON);
  }

  @Test
  void onePartitionMoreHasToBeCaughtUpWithFirst() {
    assigned(FIRST);
    read(FIRST, 10);
    listening.look(consumer, NOON);
    assigned(FIRST, SECOND);
    read(FIRST, 10);
    read(SECOND, 3);
    assertThat(listening.look(consumer, NOON.plusSeconds(5))).isEmpty();
    read(SECOND, 10);
    assertThat(listening.look(consumer, NOON.plusSeconds(6))).contains(NOON.plusSeconds(6));
  }

  /** The broker was away, and before anybody could be asked the partitions are to be given away. */
  @Test
  void whatWasFoundBeforeHoldsForAsLongAsAnEdgeHasLived() {
    edges.alive(NOON);
    assertThat(listening.still(NOON, NOON.plusSeconds(5))).contains(NOON);
    assertThat(listening.still(null, NOON.plusSeconds(5))).isEmpty();
    assertThat(listening.still(NOON, NOON.plusSeconds(60))).isEmpty();
    edges.alive(NOON.plusSeconds(61));
    assertThat(listening.still(NOON, NOON.plusSeconds(62))).contains(NOON.plusSeconds(61));
  }

  @Test
  void onePartitionLessChangesNothingUntilItComesBack() {
    assigned(FIRST, SECOND);
    read(FIRST, 10);
    read(SECOND, 10);
    listening.look(consumer, NOON);
    assigned(FIRST);
    read(FIRST, 10);
    assertThat(listening.look(consumer, NOON.plusSeconds(5))).contains(NOON);
    assigned(FIRST, SECOND);
    read(FIRST, 10);
    read(SECOND, 9);
    assertThat(listening.look(consumer, NOON.plusSeconds(9))).isEmpty();
  }

  private void assigned(TopicPartition... partitions) {
    consumer.assign(Stream.of(partitions).collect(Collectors.toSet()));
    consumer.updateBeginningOffsets(
        Set.of(partitions).stream().collect(Collectors.toMap(p -> p, p -> 0L)));
  }

  private void read(TopicPartition partition, long offset) {
    consumer.seek(partition, offset);
  }
}
