package io.agentopia.toolbox.health.verdict;

import io.agentopia.toolbox.events.AgentEvent.Metrics;
import java.time.Instant;
import java.util.List;

/**
 * All that is known about a toolbox when it is judged.
 *
 * @param watchedSince when silence began to count: the droplet was ready, or this service had
 *     caught up with the heartbeats, whichever came later
 * @param beat the newest heartbeat of the current generation, or null
 * @param dockerLostAt since when heartbeats say that Docker does not answer, or null
 */
public record Signals(Instant watchedSince, Beat beat, Instant dockerLostAt) {

  /**
   * @param metrics null where the agent tells none
   * @param unfit fields of what the agent said that were cut or left out
   */
  public record Beat(Instant at, Metrics metrics, List<String> unfit) {}
}
