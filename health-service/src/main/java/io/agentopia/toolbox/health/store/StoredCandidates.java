package io.agentopia.toolbox.health.store;

import static io.agentopia.toolbox.health.store.StoredRollouts.session;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.Candidates;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.rollout.Canaries;
import io.agentopia.toolbox.health.rollout.Canaries.Candidate;
import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.LockMode;

/** {@link Candidates} in the tables of health and members. */
@ApplicationScoped
public class StoredCandidates implements Candidates {
  private static final int MOST_AT_ONCE = 500;
  private static final int MOST_DRAWN_FROM = 10_000;
  private static final SecureRandom CHANCE = new SecureRandom();

  private final Set<String> firstCanaries;

  @Inject
  public StoredCandidates(HealthConfig config) {
    this.firstCanaries = config.firstCanaries().orElse(Set.of());
  }

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

  /** One that was left out has said nothing, so its account may be asked again. */
  private static final String OF_ANOTHER_ACCOUNT =
      CANDIDATES
          + """
             and not exists (
               select 1 from MemberRow c where c.rolloutId = :rollout and c.canary
                 and c.phase <> 'left_out' and c.accountId = h.accountId)""";

  /** Whom a rollout has not asked yet. */
  record Waiting(boolean isAny, boolean isOfAnotherAccount) {}

  @Override
  public Uni<Integer> fleet() {
    return session(
            s ->
                s.createSelectionQuery(
                        "select count(*) from HealthRow where status = 'healthy' and agentDigest is not null",
                        Long.class)
                    .getSingleResult())
        .map(Long::intValue);
  }

  /** Whether anybody runs from another image and was not asked, and could be a canary. */
  Uni<Waiting> waiting(RolloutRow rollout) {
    return isAny(rollout, CANDIDATES)
        .flatMap(
            any ->
                any && rollout.state() instanceof Canary
                    ? isAny(rollout, OF_ANOTHER_ACCOUNT).map(other -> new Waiting(true, other))
                    : Uni.createFrom().item(new Waiting(any, false)));
  }

  private static Uni<Boolean> isAny(RolloutRow rollout, String of) {
    return session(
            s ->
                s.createSelectionQuery("select h.toolboxId " + of, UUID.class)
                    .setParameter("digest", rollout.digest)
                    .setParameter("rollout", rollout.id)
                    .setMaxResults(1)
                    .getResultList())
        .map(found -> !found.isEmpty());
  }

  @Override
  public Uni<Long> count(RolloutRow rollout) {
    return session(
        s ->
            s.createSelectionQuery("select count(*) " + CANDIDATES, Long.class)
                .setParameter("digest", rollout.digest)
                .setParameter("rollout", rollout.id)
                .getSingleResult());
  }

  @Override
  public Uni<List<HealthRow>> lock(RolloutRow rollout, int most) {
    return rollout.state() instanceof Canary
        ? canaries(rollout)
            .flatMap(found -> lockFree(Canaries.draw(found, most, firstCanaries, CHANCE)))
            .map(rows -> rows.stream().filter(row -> isStill(row, rollout)).toList())
        : lockAny(rollout, most);
  }

  private static Uni<List<Candidate>> canaries(RolloutRow rollout) {
    return session(
            s ->
                s.createSelectionQuery(
                        "select h.toolboxId, h.accountId " + OF_ANOTHER_ACCOUNT, Object[].class)
                    .setParameter("digest", rollout.digest)
                    .setParameter("rollout", rollout.id)
                    .setMaxResults(MOST_DRAWN_FROM)
                    .getResultList())
        .map(rows -> rows.stream().map(r -> new Candidate((UUID) r[0], (String) r[1])).toList());
  }

  /** Its row was locked after it was drawn. */
  private static boolean isStill(HealthRow row, RolloutRow rollout) {
    return row.health() instanceof Healthy
        && row.dropletLostAt == null
        && row.agentDigest != null
        && !row.agentDigest.equals(rollout.digest);
  }

  private static Uni<List<HealthRow>> lockAny(RolloutRow rollout, int most) {
    return session(
        s ->
            s.createSelectionQuery(CANDIDATES, HealthRow.class)
                .setParameter("digest", rollout.digest)
                .setParameter("rollout", rollout.id)
                .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                .setMaxResults(Math.min(most, MOST_AT_ONCE))
                .getResultList());
  }

  @Override
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
