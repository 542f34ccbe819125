package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.verdict.Finding;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** Health at rest. What concerns many toolboxes at once is one statement for all of them. */
public interface HealthRows {
  /** So many rows are read or written by one statement. */
  int MOST_AT_ONCE = 500;

  /** A heartbeat, and when it was heard. */
  record HeardBeat(AgentHeartbeat heartbeat, Instant at) {}

  /**
   * A row as it is in memory, but for its state.
   *
   * @param findings null leaves those that are stored
   */
  record Writing(HealthRow row, List<Finding> findings, Instant lookAgainAt) {}

  /** Null where there is none. */
  Uni<HealthRow> find(UUID toolboxId);

  /** For the current transaction, which stores what it changes of it; null where there is none. */
  Uni<HealthRow> lock(UUID toolboxId);

  /** In their ids' order, as everywhere. */
  Uni<Void> lockAll(Collection<UUID> toolboxIds);

  /** Those whose writer has not counted up to there yet, locked. */
  Uni<List<HealthRow>> lockBelow(long sequence, int most);

  Uni<Void> add(HealthRow row);

  /**
   * Those that have to be looked at now, of all instances; detached.
   *
   * @param isMine whether this instance hears the toolbox; the others leave it alone
   */
  Uni<List<HealthRow>> due(Instant now, Predicate<UUID> isMine);

  /** Detached; those that there are. */
  Uni<List<HealthRow>> byIds(Collection<UUID> toolboxIds);

  /**
   * Only of rows that are still as they were when they were judged, by a heartbeat that is not
   * older than the stored one. Their versions stay: no state has changed.
   *
   * @return the toolboxes whose rows were written; the others were changed by somebody else since
   */
  Uni<Set<UUID>> store(List<Writing> writings);

  /** Leaves a row as it is and out of the way. */
  Uni<Void> putOff(UUID toolboxId, Instant until);
}
