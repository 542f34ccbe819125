package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.health.watch.EvaluationLoop;
import io.agentopia.toolbox.health.watch.HeartbeatTopic;
import io.agentopia.toolbox.health.watch.Partitions;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The topic of the heartbeats, its readers, and what is stored of who was heard when. Each instance
 * reads its own partitions; nobody else does while it is away.
 */
final class Heartbeats implements HeartbeatPartitions {
  private static final int COUNT = 4;

  private final World world;
  private final int[] partitionOf;
  private final List<List<AgentHeartbeat>> logs = new ArrayList<>();
  private final int[] committed = new int[COUNT];
  private final Map<Integer, Owned> stored = new HashMap<>();

  private record Owned(long epoch, long nextOffset, Instant storedAt, List<Heard> heard) {}

  Heartbeats(World world, int toolboxes) {
    this.world = world;
    var kafkas = new Partitions();
    kafkas.assign(COUNT, Map.of());
    partitionOf = new int[toolboxes];
    for (var i = 0; i < toolboxes; i++) {
      partitionOf[i] = kafkas.of(World.id(i)).orElseThrow();
    }
    for (var partition = 0; partition < COUNT; partition++) {
      logs.add(new ArrayList<>());
    }
  }

  /** Which instance hears the toolbox. */
  int instanceOf(int toolbox) {
    return partitionOf[toolbox] % 2;
  }

  void append(int toolbox, AgentHeartbeat heartbeat) {
    logs.get(partitionOf[toolbox]).add(heartbeat);
  }

  /** As Kafka's producers choose them, worked out once. */
  Partitions partitions() {
    return new Partitions() {
      @Override
      public OptionalInt of(UUID toolboxId) {
        return OptionalInt.of(partitionOf[World.index(toolboxId)]);
      }
    };
  }

  /** One life's consumer. */
  final class Reader implements HeartbeatTopic {
    private final int instance;
    private final int[] position = new int[COUNT];
    private final int[] end = new int[COUNT];
    private Instant since;

    Reader(int instance) {
      this.instance = instance;
    }

    /** It reads on from what it committed last. */
    void assign(EvaluationLoop loop) {
      var begins = new HashMap<Integer, Long>();
      for (var partition = instance; partition < COUNT; partition += 2) {
        position[partition] = committed[partition];
        end[partition] = logs.get(partition).size();
        begins.put(partition, (long) position[partition]);
      }
      loop.assigned(COUNT, begins);
    }

    void poll(EvaluationLoop loop, Instant now) {
      for (var partition = instance; partition < COUNT; partition += 2) {
        var log = logs.get(partition);
        var first = position[partition];
        if (first < log.size()) {
          position[partition] = log.size();
          for (var offset = first; offset < log.size(); offset++) {
            loop.heard(log.get(offset), now);
          }
          loop.read(partition, first, log.size() - 1L);
          if (world.chance.percent(30)) {
            committed[partition] = log.size();
          }
        }
      }
    }

    @Override
    public Optional<Instant> since(Instant now) {
      for (var partition = instance; partition < COUNT; partition += 2) {
        if (position[partition] < end[partition]) {
          return Optional.empty();
        }
      }
      if (since == null) {
        since = now;
      }
      return Optional.of(since);
    }

    @Override
    public Optional<Instant> still(Instant before, Instant now) {
      return Optional.ofNullable(before);
    }

    @Override
    public Begin from(int partition, long offset) {
      var next = (int) Math.min(offset, logs.get(partition).size());
      position[partition] = Math.min(position[partition], next);
      return new Begin(next, logs.get(partition).size());
    }
  }

  @Override
  public Uni<TakenOver> claim(int partition, long begin) {
    var before = stored.getOrDefault(partition, new Owned(0, begin, null, List.of()));
    stored.put(
        partition,
        new Owned(before.epoch() + 1, before.nextOffset(), before.storedAt(), before.heard()));
    return Uni.createFrom()
        .item(
            new TakenOver(
                new Claim(partition, before.epoch() + 1),
                before.nextOffset(),
                before.storedAt(),
                before.heard()));
  }

  @Override
  public Uni<List<Claim>> store(List<Batch> batches) {
    var refused = new ArrayList<Claim>();
    for (var batch : batches) {
      if (owns(batch.claim())) {
        stored.put(
            batch.claim().partition(),
            new Owned(batch.claim().epoch(), batch.nextOffset(), batch.at(), batch.heard()));
      } else {
        refused.add(batch.claim());
      }
    }
    return Uni.createFrom().item(refused);
  }

  private boolean owns(Claim claim) {
    var owned = stored.get(claim.partition());
    return owned != null && owned.epoch() == claim.epoch();
  }

  @Override
  public Uni<Boolean> isOwner(Claim claim) {
    return Uni.createFrom().item(owns(claim));
  }

  @Override
  public Uni<Map<UUID, Heard>> find(Collection<UUID> toolboxIds) {
    var wanted = Set.copyOf(toolboxIds);
    var found = new HashMap<UUID, Heard>();
    stored
        .values()
        .forEach(
            owned ->
                owned.heard().stream()
                    .filter(heard -> wanted.contains(heard.toolboxId()))
                    .forEach(heard -> found.put(heard.toolboxId(), heard)));
    return Uni.createFrom().item(found);
  }

  @Override
  public Uni<Map<Integer, Instant>> storedAt() {
    var found = new HashMap<Integer, Instant>();
    stored.forEach(
        (partition, owned) -> {
          if (owned.storedAt() != null) {
            found.put(partition, owned.storedAt());
          }
        });
    return Uni.createFrom().item(found);
  }
}
