package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.agentopia.toolbox.health.rollout.Sighting;
import io.agentopia.toolbox.health.rollout.Tally;
import io.agentopia.toolbox.health.rollout.Tally.Count;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What rollouts read of the database, in the session of their transaction. Rows of toolboxes are
 * locked only if they are free: whoever never waits while it holds others is in no circle of
 * waiting, and a toolbox that was not free is taken in the next round.
 */
@ApplicationScoped
public class Rollouts {
  /** So many toolboxes are asked to return in one transaction. */
  public static final int MOST_AT_ONCE = 500;

  private static final String TARGET =
      "(select id from agent_rollout where state = 'complete' order by started_at desc limit 1)";

  private static final String TO_LOOK_AT =
      "select r.id from agent_rollout r where r.state in ('canary', 'rolling', 'halted', 'rolling_back') or r.id = "
          + TARGET
          + " or exists (select 1 from agent_rollout_member m where m.rollout_id = r.id"
          + " and m.phase in ('requested', 'moved', 'returning'))";

  private static final String OPEN =
      "from RolloutRow where state in ('canary', 'rolling', 'halted', 'rolling_back')";

  private static final String IN_MOTION =
      """
      select m, h.generation, h.status, h.since, h.reason, h.message, h.dropletLostAt, h.lastHeartbeatAt, h.agentDigest,
             h.agentUpgrade
        from MemberRow m join HealthRow h on h.toolboxId = m.toolboxId
       where m.rolloutId = :rollout and m.phase in ('requested', 'moved', 'returning')""";

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

  /** A member with what is known of its toolbox. */
  public record Seen(MemberRow member, Sighting sighting) {}

  public Uni<List<UUID>> toLookAt() {
    return session(s -> s.createNativeQuery(TO_LOOK_AT, UUID.class).getResultList());
  }

  /** Empty when another instance is at it. */
  public Uni<Optional<RolloutRow>> lockIfFree(UUID id) {
    return locked(id, LockMode.UPGRADE_SKIPLOCKED);
  }

  public Uni<Optional<RolloutRow>> lock(UUID id) {
    return locked(id, LockMode.PESSIMISTIC_WRITE);
  }

  private static Uni<Optional<RolloutRow>> locked(UUID id, LockMode mode) {
    return session(
            s ->
                s.createSelectionQuery("from RolloutRow where id = :id", RolloutRow.class)
                    .setParameter("id", id)
                    .setLockMode(mode)
                    .getResultList())
        .map(rows -> rows.stream().findFirst());
  }

  /** The one that is neither complete nor rolled back. */
  public Uni<Optional<RolloutRow>> open() {
    return session(s -> s.createSelectionQuery(OPEN, RolloutRow.class).getResultList())
        .map(rows -> rows.stream().findFirst());
  }

  /** The rollout whose image is the fleet's. */
  public Uni<Optional<UUID>> target() {
    return session(
            s -> s.createNativeQuery("select * from " + TARGET + " t", UUID.class).getResultList())
        .map(ids -> ids.stream().findFirst());
  }

  public Uni<List<Seen>> inMotion(UUID rolloutId) {
    return session(
            s ->
                s.createSelectionQuery(IN_MOTION, Object[].class)
                    .setParameter("rollout", rolloutId)
                    .getResultList())
        .map(found -> found.stream().map(Rollouts::seen).toList());
  }

  private static Seen seen(Object[] row) {
    var upgrade = (String) row[9];
    return new Seen(
        (MemberRow) row[0],
        new Sighting(
            (Long) row[1],
            HealthRow.health((String) row[2], (Instant) row[3], (String) row[4], (String) row[5]),
            row[6] != null,
            (Instant) row[7],
            (String) row[8],
            upgrade == null ? null : HealthRows.read(upgrade, AgentUpgrade.class)));
  }

  /** What was changed in the session is counted as well. */
  public Uni<Tally> tally(RolloutRow rollout) {
    return Panache.flush()
        .flatMap(x -> counts(rollout.id))
        .flatMap(
            counts ->
                waiting(rollout)
                    .map(
                        waiting ->
                            new Tally(
                                counts.getOrDefault(true, Count.NONE),
                                counts.getOrDefault(false, Count.NONE),
                                waiting)));
  }

  private static Uni<Map<Boolean, Count>> counts(UUID rolloutId) {
    return session(
            s ->
                s.createSelectionQuery(
                        """
                        select canary,
                               sum(case when phase = 'requested' then 1 else 0 end),
                               sum(case when phase = 'moved' then 1 else 0 end),
                               sum(case when phase = 'proved' then 1 else 0 end),
                               sum(case when phase = 'failed' then 1 else 0 end),
                               sum(case when phase = 'returning' then 1 else 0 end)
                          from MemberRow where rolloutId = :rollout group by canary""",
                        Object[].class)
                    .setParameter("rollout", rolloutId)
                    .getResultList())
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> (Boolean) r[0], Rollouts::count)));
  }

  private static Count count(Object[] row) {
    return new Count(
        number(row[1]), number(row[2]), number(row[3]), number(row[4]), number(row[5]));
  }

  private static int number(Object sum) {
    return ((Number) sum).intValue();
  }

  private static Uni<Boolean> waiting(RolloutRow rollout) {
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
  public Uni<Long> waitingFor(RolloutRow rollout) {
    return session(
        s ->
            s.createSelectionQuery("select count(*) " + CANDIDATES, Long.class)
                .setParameter("digest", rollout.digest)
                .setParameter("rollout", rollout.id)
                .getSingleResult());
  }

  /** Toolboxes that can be asked, locked; canaries are those that have been well for longest. */
  public Uni<List<HealthRow>> lockCandidates(RolloutRow rollout, int most) {
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

  /** Members of a rollout that goes back which are not on their way yet. */
  public Uni<List<MemberRow>> toReturn(UUID rolloutId) {
    return session(
        s ->
            s.createSelectionQuery(
                    "from MemberRow where rolloutId = :rollout and phase in ('requested', 'moved', 'proved', 'failed')",
                    MemberRow.class)
                .setParameter("rollout", rolloutId)
                .setMaxResults(MOST_AT_ONCE)
                .getResultList());
  }

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

  public Uni<Void> persist(Object row) {
    return session(s -> s.persist(row));
  }

  public Uni<Void> audit(UUID rolloutId, String action, String by, String reason, Instant at) {
    return session(
            s ->
                s.createNativeQuery(
                        "insert into agent_rollout_audit (rollout_id, action, by, reason, at)"
                            + " values (:rollout, :action, :by, :reason, :at)")
                    .setParameter("rollout", rolloutId)
                    .setParameter("action", action)
                    .setParameter("by", by)
                    .setParameter("reason", reason)
                    .setParameter("at", at)
                    .executeUpdate())
        .replaceWithVoid();
  }

  private static <T> Uni<T> session(Function<Mutiny.Session, Uni<T>> work) {
    return Panache.getSession().flatMap(work::apply);
  }
}
