package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest heartbeat of each toolbox that waits for the next round: newest by generation, then by
 * time. One whose partition was not taken over yet waits on.
 */
@ApplicationScoped
public class HeartbeatBuffer {
  private final Map<UUID, HeardBeat> waiting = new ConcurrentHashMap<>();

  public void add(AgentHeartbeat heartbeat, Instant at) {
    putBack(List.of(new HeardBeat(heartbeat, at)));
  }

  /** Those that wait; they wait no longer. */
  public List<HeardBeat> take() {
    var taken = new ArrayList<HeardBeat>();
    for (var id : List.copyOf(waiting.keySet())) {
      var beat = waiting.remove(id);
      if (beat != null) {
        taken.add(beat);
      }
    }
    return taken;
  }

  /** They wait again, unless a newer one has come meanwhile. */
  public void putBack(Collection<HeardBeat> beats) {
    beats.forEach(
        beat -> waiting.merge(beat.heartbeat().toolboxId(), beat, HeartbeatBuffer::newer));
  }

  /** Those heard before are given up: nobody came to take them. */
  public void forgetBefore(Instant at) {
    waiting.values().removeIf(beat -> beat.at().isBefore(at));
  }

  static HeardBeat newer(HeardBeat a, HeardBeat b) {
    return isNewer(a, b) ? a : b;
  }

  private static boolean isNewer(HeardBeat a, HeardBeat b) {
    var generation = a.heartbeat().generation();
    return generation > b.heartbeat().generation()
        || generation == b.heartbeat().generation() && a.at().isAfter(b.at());
  }
}
