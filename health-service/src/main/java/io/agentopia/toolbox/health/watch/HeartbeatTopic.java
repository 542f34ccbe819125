package io.agentopia.toolbox.health.watch;

import java.time.Instant;
import java.util.Optional;

/** Where in the heartbeats' topic this instance reads, and whether it has caught up. Blocks. */
public interface HeartbeatTopic {

  /**
   * @param next where reading goes on
   * @param goal where the topic ends now: all before it may be known to others already
   */
  record Begin(long next, long goal) {}

  /**
   * @return since when nothing was missed; empty before that, or without partitions
   */
  Optional<Instant> since(Instant now);

  /**
   * The same without asking the consumer, whose thread waits for the caller: what was found before
   * holds for as long as an edge has lived since. A round that could not ask leaves an old answer.
   *
   * @param before what {@link #since} said last; null: nothing
   */
  Optional<Instant> still(Instant before, Instant now);

  /** Reads a partition from there on, or as much of it as the topic still has. */
  Begin from(int partition, long offset);
}
