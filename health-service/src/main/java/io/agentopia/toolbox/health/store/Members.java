package io.agentopia.toolbox.health.store;

import static io.agentopia.toolbox.health.store.Rollouts.session;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.health.rollout.Sighting;
import io.agentopia.toolbox.health.rollout.Tally;
import io.agentopia.toolbox.health.rollout.Tally.Count;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The droplets that rollouts have asked. */
@ApplicationScoped
public class Members {
  private static final int MOST_AT_ONCE = 500;

  private static final String IN_MOTION =
      """
      select m, h.generation, h.status, h.since, h.reason, h.message, h.dropletLostAt, h.lastHeartbeatAt, h.agentDigest,
             h.agentUpgrade
        from MemberRow m join HealthRow h on h.toolboxId = m.toolboxId
       where m.rolloutId = :rollout and m.phase in ('requested', 'moved', 'returning')""";

  private final Candidates candidates;

  @Inject
  public Members(Candidates candidates) {
    this.candidates = candidates;
  }

  /** A member with what is known of its toolbox. */
  public record Seen(MemberRow member, Sighting sighting) {
    /** With the time it was heard last, made of its generation and of what its row has. */
    public Seen heard(BiFunction<Long, Instant, Instant> at) {
      return new Seen(
          member,
          new Sighting(
              sighting.generation(),
              sighting.health(),
              sighting.isLost(),
              at.apply(sighting.generation(), sighting.heartbeatAt()),
              sighting.digest(),
              sighting.upgrade()));
    }
  }

  public Uni<List<Seen>> inMotion(UUID rolloutId) {
    return session(
            s ->
                s.createSelectionQuery(IN_MOTION, Object[].class)
                    .setParameter("rollout", rolloutId)
                    .getResultList())
        .map(found -> found.stream().map(Members::seen).toList());
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
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> (Boolean) r[0], Members::count)));
  }

  private static Count count(Object[] row) {
    return new Count(
        number(row[1]), number(row[2]), number(row[3]), number(row[4]), number(row[5]));
  }

  private static int number(Object sum) {
    return ((Number) sum).intValue();
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
}
