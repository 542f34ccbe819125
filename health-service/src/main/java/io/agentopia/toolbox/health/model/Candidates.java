package io.agentopia.toolbox.health.model;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Toolboxes that a rollout can ask. Their rows are locked only if they are free: whoever never
 * waits while it holds others is in no circle of waiting, and a toolbox that was not free is taken
 * in the next round.
 */
public interface Candidates {

  /** How many toolboxes could be asked to run another image. */
  Uni<Integer> fleet();

  /** How many run from another image and were not asked. */
  Uni<Long> count(RolloutRow rollout);

  /** Toolboxes that can be asked, locked; canaries are drawn by chance, one of an account. */
  Uni<List<HealthRow>> lock(RolloutRow rollout, int most);

  /** Those of the toolboxes that are free, locked. */
  Uni<List<HealthRow>> lockFree(Collection<UUID> toolboxIds);
}
