package io.agentopia.toolbox.health.store;

import static io.agentopia.toolbox.health.store.StoredRollouts.session;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.Members;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.rollout.AgentObservation;
import io.agentopia.toolbox.health.rollout.Tally;
import io.agentopia.toolbox.health.rollout.Tally.Count;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@link Members} as a table. */
@ApplicationScoped
public class StoredMembers implements Members {
  private static final String IN_MOTION =
      """
      select m, h.generation, h.status, h.since, h.reason, h.message, h.dropletLostAt, h.lastHeartbeatAt, h.agentDigest,
             h.agentUpgrade
        from MemberRow m join HealthRow h on h.toolboxId = m.toolboxId
       where m.rolloutId = :rollout and m.phase in ('requested', 'moved', 'returning')""";

  private final StoredCandidates candidates;

  @Inject
  public StoredMembers(StoredCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Uni<Void> add(Collection<MemberRow> members) {
    return session(s -> s.persistAll(members.toArray()));
  }

  @Override
  public Uni<List<Seen>> inMotion(UUID rolloutId) {
    return session(
            s ->
                s.createSelectionQuery(IN_MOTION, Object[].class)
                    .setParameter("rollout", rolloutId)
                    .getResultList())
        .map(found -> found.stream().map(StoredMembers::seen).toList());
  }

  private static Seen seen(Object[] row) {
    var upgrade = (String) row[9];
    return new Seen(
        (MemberRow) row[0],
        new AgentObservation(
            (Long) row[1],
            HealthRow.health((String) row[2], (Instant) row[3], (String) row[4], (String) row[5]),
            row[6] != null,
            (Instant) row[7],
            (String) row[8],
            upgrade == null ? null : Stored.read(upgrade, AgentUpgrade.class)));
  }

  @Override
  public Uni<Tally> tally(RolloutRow rollout) {
    return Panache.flush()
        .flatMap(x -> counts(rollout.id))
        .flatMap(
            counts ->
                candidates
                    .waiting(rollout)
                    .map(
                        waiting ->
                            new Tally(
                                counts.getOrDefault(true, Count.NONE),
                                counts.getOrDefault(false, Count.NONE),
                                waiting.isAny(),
                                waiting.isOfAnotherAccount())));
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
        .map(
            rows ->
                rows.stream().collect(Collectors.toMap(r -> (Boolean) r[0], StoredMembers::count)));
  }

  private static Count count(Object[] row) {
    return new Count(
        number(row[1]), number(row[2]), number(row[3]), number(row[4]), number(row[5]));
  }

  private static int number(Object sum) {
    return ((Number) sum).intValue();
  }

  @Override
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
}
