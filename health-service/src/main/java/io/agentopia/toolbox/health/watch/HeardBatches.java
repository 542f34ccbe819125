package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Batch;
import io.agentopia.toolbox.health.watch.Partitions.Part;
import io.agentopia.toolbox.runtime.work.Await;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stores when toolboxes were heard, and up to where their beats are in the database. Blocks. */
@ApplicationScoped
public class HeardBatches {
  private final HeartbeatPartitions stored;
  private final Partitions partitions;
  private final Watching watching;
  private final Await work;
  private final HealthConfig config;
  private final Clock clock;
  private Instant lastAt = Instant.MIN;

  @Inject
  public HeardBatches(
      HeartbeatPartitions stored,
      Partitions partitions,
      Watching watching,
      Await work,
      HealthConfig config,
      Clock clock) {
    this.stored = stored;
    this.partitions = partitions;
    this.watching = watching;
    this.work = work;
    this.config = config;
    this.clock = clock;
  }

  /** Partitions of which it is to be stored now; asked once in each round. */
  List<Part> due() {
    var now = clock.instant();
    if (now.isBefore(lastAt.plus(config.storeHeardEvery()))) {
      return List.of();
    }
    lastAt = now;
    return partitions.owned();
  }

  /** Asked before the waiting beats are taken: all that were read by then are among them. */
  static Map<Part, Long> howFar(List<Part> parts) {
    var read = new HashMap<Part, Long>();
    parts.forEach(part -> read.put(part, part.next()));
    return read;
  }

  /**
   * Of partitions that were not read up to where they have to be yet, nothing is stored.
   *
   * @param read up to where the beats of each were looked at
   * @param at when that was asked
   */
  void store(Map<Part, Long> read, Instant at) {
    var batches = new HashMap<Part, Batch>();
    read.forEach(
        (part, next) -> {
          if (part.listeningSince(at).isPresent()) {
            batches.put(part, batch(part, next, at));
          }
        });
    var refused = work.await(() -> stored.store(List.copyOf(batches.values())));
    refused.forEach(watching::lost);
    batches.forEach(
        (part, batch) -> {
          if (!refused.contains(batch.claim())) {
            part.stored(batch.nextOffset(), batch.heard());
          }
        });
  }

  private Batch batch(Part part, long next, Instant at) {
    var heard = watching.memory().heard(part);
    var offset = watching.memory().storedTo(part, next);
    return new Batch(part.claim(), offset, at, heard, !part.hasMembers(heard));
  }
}
