package io.agentopia.toolbox.health.model;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * When the toolboxes of each partition were heard, and who reads the partition. One row for a
 * partition instead of one for a beat; its epoch fences off an owner that was replaced and does not
 * know it yet.
 */
public interface HeartbeatPartitions {

  /** Until a higher epoch is given, the partition's toolboxes are judged by its holder alone. */
  record Claim(int partition, long epoch) {}

  record Heard(UUID toolboxId, long generation, Instant at) {}

  /**
   * What the owner before has left.
   *
   * @param nextOffset every beat before it is in the database
   * @param storedAt until when {@code heard} is right, or null
   */
  record TakenOver(Claim claim, long nextOffset, Instant storedAt, List<Heard> heard) {}

  /**
   * @param withMembers whether ids or generations differ from those stored last
   */
  record Batch(Claim claim, long nextOffset, Instant at, List<Heard> heard, boolean withMembers) {}

  /**
   * Takes the partition over from whoever has it.
   *
   * @param begin where reading began, should it be the first time that anybody does
   */
  Uni<TakenOver> claim(int partition, long begin);

  /**
   * @return those whose partition was taken over by somebody else: nothing of them is stored
   */
  Uni<List<Claim>> store(List<Batch> batches);

  /** In the current transaction; nobody takes the partition over before that ends. */
  Uni<Boolean> isOwner(Claim claim);

  /**
   * Who of them was heard when, as of the last batches; who never was is left out. In the current
   * transaction, if there is one.
   */
  Uni<Map<UUID, Heard>> find(Collection<UUID> toolboxIds);

  /** Until when the beats of each partition are stored; partitions never stored are left out. */
  Uni<Map<Integer, Instant>> storedAt();
}
