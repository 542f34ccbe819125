package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.health.model.HeartbeatPartitions.Claim;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Claim CLAIM = new Claim(0, 7);

  private final Partitions partitions = new Partitions();
  private final UUID id = UUID.randomUUID();

  @Test
  void aToolboxIsInThePartitionThatKafkasProducersChoose() {
    for (var count = 1; count < 50; count++) {
      partitions.assign(count, Map.of());
      var key = id.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(partitions.of(id)).hasValue(BuiltInPartitioner.partitionForKey(key, count));
    }
  }

  @Test
  void withoutTheNumberOfPartitionsNothingIsSaid() {
    assertThat(partitions.of(id)).isEmpty();
    assertThat(partitions.isAssigned(id)).isFalse();
  }

  @Test
  void anAssignedPartitionIsOwnedOnceItIsTakenOverAndUntilItIsRevoked() {
    var part = assigned();
    assertThat(partitions.owned(id)).isEmpty();
    takenOver(part, 0, 0);
    assertThat(partitions.owned(id)).contains(part);
    partitions.revoke(List.of(0));
    assertThat(partitions.owned(id)).isEmpty();
    assertThat(partitions.isAssigned(id)).isFalse();
  }

  @Test
  void itIsListenedToSinceAllWasReadThatAnotherMayHaveReadBefore() {
    var part = assigned();
    assertThat(part.listeningSince(NOON)).isEmpty();
    takenOver(part, 10, 20);
    part.read(10, 18);
    assertThat(part.listeningSince(NOON)).isEmpty();
    part.read(19, 19);
    assertThat(part.listeningSince(NOON.plusSeconds(1))).contains(NOON.plusSeconds(1));
    assertThat(part.listeningSince(NOON.plusSeconds(9))).contains(NOON.plusSeconds(1));
  }

  @Test
  void recordsThatWereFetchedBeforeReadingBeganFurtherBackDoNotCount() {
    var part = assigned();
    takenOver(part, 10, 20);
    part.read(15, 19);
    assertThat(part.next()).isEqualTo(10);
    part.read(10, 14);
    part.read(15, 19);
    assertThat(part.next()).isEqualTo(20);
  }

  @Test
  void recordsThatAreReadAgainMoveNothingBack() {
    var part = assigned();
    takenOver(part, 10, 10);
    part.read(5, 8);
    assertThat(part.next()).isEqualTo(10);
  }

  @Test
  void oneThatWasLostIsTakenBackLaterAndByNoOldClaimTwice() {
    var part = assigned();
    takenOver(part, 0, 0);
    partitions.lose(new Claim(0, 6), NOON);
    assertThat(partitions.owned(id)).contains(part);
    partitions.lose(CLAIM, NOON);
    assertThat(partitions.owned(id)).isEmpty();
    assertThat(partitions.toTakeOver(NOON.minusMillis(1))).isEmpty();
    assertThat(partitions.toTakeOver(NOON)).hasSize(1);
  }

  @Test
  void membersAreTheSameWhateverTheTimes() {
    var part = assigned();
    part.stored(1L, List.of(new Heard(id, 1, NOON)));
    assertThat(part.hasMembers(List.of(new Heard(id, 1, NOON.plusSeconds(9))))).isTrue();
    assertThat(part.hasMembers(List.of(new Heard(id, 2, NOON)))).isFalse();
    assertThat(part.hasMembers(List.of())).isFalse();
  }

  @Test
  void onePartitionThatComesBackWasListenedToAllTheTimeUnlessAnotherHadIt() {
    var part = assigned();
    takenOver(part, 10, 10);
    part.listeningSince(NOON);
    partitions.revoke(List.of(0));
    var again = assigned();
    partitions.takenOver(again, new Claim(0, 8), new HeartbeatTopic.Begin(10, 12), List.of());
    assertThat(again.listeningSince(NOON.plusSeconds(5))).isEmpty();
    again.read(10, 11);
    assertThat(again.listeningSince(NOON.plusSeconds(6))).contains(NOON);
    partitions.revoke(List.of(0));
    var later = assigned();
    partitions.takenOver(later, new Claim(0, 10), new HeartbeatTopic.Begin(12, 12), List.of());
    assertThat(later.listeningSince(NOON.plusSeconds(9))).contains(NOON.plusSeconds(9));
  }

  @Test
  void whatWasReadBeforeAnAssignmentEndedEarlyIsReadAgain() {
    partitions.assign(1, Map.of(0, 5L));
    partitions.revoke(List.of(0));
    partitions.assign(1, Map.of(0, 8L));
    assertThat(partitions.toTakeOver(NOON).getFirst().begin).isEqualTo(5);
    takenOver(partitions.toTakeOver(NOON).getFirst(), 5, 8);
    partitions.revoke(List.of(0));
    partitions.assign(1, Map.of(0, 9L));
    assertThat(partitions.toTakeOver(NOON).getFirst().begin).isEqualTo(9);
  }

  private void takenOver(Partitions.Part part, long next, long goal) {
    partitions.takenOver(part, CLAIM, new HeartbeatTopic.Begin(next, goal), List.of());
  }

  private Partitions.Part assigned() {
    partitions.assign(1, Map.of(0, 0L));
    return partitions.toTakeOver(NOON).getFirst();
  }
}
