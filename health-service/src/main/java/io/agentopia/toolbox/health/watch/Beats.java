package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.store.HealthRows.StoredBeat;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest heartbeat of each toolbox whose partition this instance reads. In memory: written to
 * the database in batches.
 */
@ApplicationScoped
public class Beats {
  private final Map<UUID, StoredBeat> newest = new ConcurrentHashMap<>();
  private final Map<UUID, StoredBeat> unwritten = new ConcurrentHashMap<>();

  public void add(AgentHeartbeat heartbeat, Instant at) {
    newest.compute(
        heartbeat.toolboxId(),
        (id, last) -> {
          if (last != null && isNewer(last, heartbeat, at)) {
            return last;
          }
          var beat = new StoredBeat(heartbeat, at, dockerLostAt(last, heartbeat, at));
          unwritten.put(id, beat);
          return beat;
        });
  }

  public Optional<StoredBeat> newest(UUID toolboxId, long generation) {
    return Optional.ofNullable(newest.get(toolboxId))
        .filter(b -> b.heartbeat().generation() == generation);
  }

  /** Those that came since the last call. */
  List<StoredBeat> takeUnwritten() {
    var taken = new ArrayList<StoredBeat>();
    for (var id : List.copyOf(unwritten.keySet())) {
      Optional.ofNullable(unwritten.remove(id)).ifPresent(taken::add);
    }
    return taken;
  }

  void forgetBefore(Instant at) {
    newest.values().removeIf(beat -> beat.at().isBefore(at));
  }

  boolean isForgotten(UUID toolboxId) {
    return !newest.containsKey(toolboxId);
  }

  private static boolean isNewer(StoredBeat last, AgentHeartbeat heartbeat, Instant at) {
    var generation = last.heartbeat().generation();
    return generation > heartbeat.generation()
        || generation == heartbeat.generation() && last.at().isAfter(at);
  }

  private static Instant dockerLostAt(StoredBeat last, AgentHeartbeat heartbeat, Instant at) {
    if (heartbeat.dockerReachable()) {
      return null;
    }
    var isContinued =
        last != null
            && last.dockerLostAt() != null
            && last.heartbeat().generation() == heartbeat.generation();
    return isContinued ? last.dockerLostAt() : at;
  }
}
