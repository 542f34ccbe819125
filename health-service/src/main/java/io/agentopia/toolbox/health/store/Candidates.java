package io.agentopia.toolbox.health.store;

import static io.agentopia.toolbox.health.store.Rollouts.session;

import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.LockMode;

/**
 * Toolboxes that a rollout can ask. Their rows are locked only if they are free: whoever never
 * waits while it holds others is in no circle of waiting, and a toolbox that was not free is taken
 * in the next round.
 */
@ApplicationScoped
public class Candidates {
  private static final int MOST_AT_ONCE = 500;

  /** Two ranges instead of "other than", so that the index on the digest serves it. */
  private static final String CANDIDATES =
      """
      from HealthRow h
       where h.status = 'healthy' and h.dropletLostAt is null and h.agentDigest is not null
         and (h.agentDigest < :digest or h.agentDigest > :digest)
         and not exists (
           select 1 from MemberRow m where m.toolboxId = h.toolboxId
             and (m.rolloutId = :rollout and m.generation >= h.generation
                  or m.phase in ('requested', 'moved', 'returning')))""";

  /** How many toolboxes could be asked to run another image. */
  public Uni<Integer> fleet() {
    return session(
            s ->
                s.createSelectionQuery(
                        "select count(*) from HealthRow where status = 'healthy' and agentDigest is not null",
                        Long.class)
                    .getSingleResult())
        .map(Long::intValue);
  }

  /** Whether anybody runs from another image and was not asked. */
  Uni<Boolean> isAny(RolloutRow rollout) {
    return session(
            s ->
                s.createSelectionQuery("select h.toolboxId " + CANDIDATES, UUID.class)
                    .setParameter("digest", rollout.digest)
                    .setParameter("rollout", rollout.id)
                    .setMaxResults(1)
                    .getResultList())
        .map(found -> !found.isEmpty());
  }

  /** How many run from another image and were not asked. */
  public Uni<Long> count(RolloutRow rollout) {
    return session(
        s ->
            s.createSelectionQuery("select count(*) " + CANDIDATES, Long.class)
                .setParameter("digest", rollout.digest)
                .setParameter("rollout", rollout.id)
                .getSingleResult());
  }

  /** Toolboxes that can be asked, locked; canaries are those that have been well for longest. */
  public Uni<List<HealthRow>> lock(RolloutRow rollout, int most) {
    var order = rollout.state() instanceof Canary ? " order by h.since" : "";
    return session(
        s ->
            s.createSelectionQuery(CANDIDATES + order, HealthRow.class)
                .setParameter("digest", rollout.digest)
                .setParameter("rollout", rollout.id)
                .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                .setMaxResults(Math.min(most, MOST_AT_ONCE))
                .getResultList());
  }

  /** Those of the toolboxes that are free, locked. */
  public Uni<List<HealthRow>> lockFree(Collection<UUID> toolboxIds) {
    return toolboxIds.isEmpty()
        ? Uni.createFrom().item(List.of())
        : session(
            s ->
                s.createSelectionQuery("from HealthRow where toolboxId in :ids", HealthRow.class)
                    .setParameter("ids", List.copyOf(toolboxIds))
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }
}
