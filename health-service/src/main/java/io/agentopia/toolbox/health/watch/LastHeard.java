package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import io.agentopia.toolbox.health.model.LastBeats;
import io.agentopia.toolbox.health.verdict.Finding;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When toolboxes were heard last, for all who ask: from memory where this instance hears them, else
 * as their owner has stored it. Says for each up to when it is right.
 */
@ApplicationScoped
public class LastHeard implements LastBeats {
  /**
   * @param heard null: never
   * @param until beats that came after it may not be known; null: nothing is known
   * @param heartbeat the newest, where this instance has heard it, else null
   * @param findings of it, as this instance found them last
   */
  public record Word(Heard heard, Instant until, AgentHeartbeat heartbeat, List<Finding> findings) {
    static final Word NONE = new Word(null, null, null, List.of());

    /** The later of the two; of another droplet nothing counts. */
    public Instant at(long generation, Instant stored) {
      return heard == null ? stored : later(stored, heard, generation);
    }

    /**
     * The latest time at which the droplet may have been heard: silence that nobody could have
     * broken does not count.
     *
     * @return null: never
     */
    public Instant latest(long generation, Instant stored, Instant now) {
      var at = at(generation, stored);
      if (at == null || until == null) {
        return at == null ? null : now;
      }
      var unknown = Duration.between(until, now);
      return unknown.isNegative() ? at : at.plus(unknown);
    }
  }

  private final Map<UUID, Word> known = new ConcurrentHashMap<>();
  private final Partitions partitions;
  private final HeartbeatPartitions stored;
  private final Clock clock;

  /** All that had come by then is known; null before the first round. */
  private volatile Instant roundAt;

  @Inject
  public LastHeard(Partitions partitions, HeartbeatPartitions stored, Clock clock) {
    this.partitions = partitions;
    this.stored = stored;
    this.clock = clock;
  }

  static Instant later(Instant stored, Heard heard, long generation) {
    return heard.generation() == generation && (stored == null || heard.at().isAfter(stored))
        ? heard.at()
        : stored;
  }

  /** What was heard of it is stored, as far as it has to be. */
  void tell(Watched toolbox) {
    var heard = toolbox.heard();
    if (heard != null) {
      known.put(toolbox.id, new Word(heard, null, toolbox.heartbeat(), toolbox.findings));
    }
  }

  void roundEnded(Instant begun) {
    roundAt = begun;
  }

  void forget(UUID toolboxId) {
    known.remove(toolboxId);
  }

  @Override
  public Uni<Optional<Instant>> of(HealthRow row) {
    return of(List.of(row.toolboxId))
        .map(words -> words.get(row.toolboxId))
        .map(word -> word.latest(row.generation, row.lastHeartbeatAt, clock.instant()))
        .map(Optional::ofNullable);
  }

  /** Of each of them, one or another word. */
  public Uni<Map<UUID, Word>> of(Collection<UUID> toolboxIds) {
    var until = roundAt;
    var found = new HashMap<UUID, Word>();
    for (var id : toolboxIds) {
      if (until != null && isHeardHere(id)) {
        var word = known.getOrDefault(id, Word.NONE);
        found.put(id, new Word(word.heard(), until, word.heartbeat(), word.findings()));
      }
    }
    var others = toolboxIds.stream().filter(id -> !found.containsKey(id)).toList();
    return others.isEmpty()
        ? Uni.createFrom().item(found)
        : stored
            .find(others)
            .flatMap(
                heard ->
                    stored
                        .storedAt()
                        .map(
                            storedAt -> {
                              others.forEach(
                                  id -> found.put(id, word(id, heard.get(id), storedAt)));
                              return found;
                            }));
  }

  private boolean isHeardHere(UUID id) {
    return partitions.owned(id).flatMap(part -> part.listeningSince(clock.instant())).isPresent();
  }

  private Word word(UUID id, Heard heard, Map<Integer, Instant> storedAt) {
    var partition = partitions.of(id);
    var until =
        partition.isPresent()
            ? storedAt.get(partition.getAsInt())
            : storedAt.values().stream().min(Instant::compareTo).orElse(null);
    return new Word(heard, until, null, List.of());
  }
}
