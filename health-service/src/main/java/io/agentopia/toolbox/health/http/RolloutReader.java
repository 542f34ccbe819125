package io.agentopia.toolbox.health.http;

import io.agentopia.toolbox.health.http.RolloutDocument.Counts;
import io.agentopia.toolbox.health.http.RolloutDocument.Deed;
import io.agentopia.toolbox.health.http.RolloutDocument.Member;
import io.agentopia.toolbox.health.model.Candidates;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Slice;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Rollouts as documents; no locks. */
@ApplicationScoped
class RolloutReader {
  private static final int MOST_MEMBERS = 500;

  private static final String MEMBERS =
      """
      from MemberRow where rolloutId = :rollout
       order by case phase when 'failed' then 0 when 'requested' then 1 when 'moved' then 1 when 'returning' then 1
                when 'left_out' then 2 else 3 end, canary desc, since desc, id""";

  private final Rollouts rollouts;
  private final Candidates candidates;

  @Inject
  RolloutReader(Rollouts rollouts, Candidates candidates) {
    this.rollouts = rollouts;
    this.candidates = candidates;
  }

  /** Those started last before {@code after}. */
  Uni<Slice<RolloutDocument>> newest(int limit, Cursor<UUID> after) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .flatMap(
                    s ->
                        s.createSelectionQuery(
                                "from RolloutRow where startedAt < :at or startedAt = :at and"
                                    + " id < :key order by startedAt desc, id desc",
                                RolloutRow.class)
                            .setParameter("at", after.at())
                            .setParameter("key", after.key())
                            .setMaxResults(limit + 1)
                            .getResultList())
                .map(rows -> Slice.of(rows, limit, r -> new Cursor<>(r.startedAt, r.id)))
                .flatMap(
                    page ->
                        Multi.createFrom()
                            .iterable(page.items())
                            .onItem()
                            .transformToUniAndConcatenate(row -> document(row, null, null))
                            .collect()
                            .asList()
                            .map(items -> new Slice<>(items, page.nextCursor()))));
  }

  Uni<Optional<RolloutDocument>> one(UUID id) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .flatMap(s -> s.find(RolloutRow.class, id))
                .flatMap(
                    row ->
                        row == null
                            ? Uni.createFrom().item(Optional.empty())
                            : members(id)
                                .flatMap(m -> history(id).flatMap(h -> document(row, m, h)))
                                .map(Optional::of)));
  }

  private Uni<RolloutDocument> document(RolloutRow row, List<Member> members, List<Deed> history) {
    return counts(row)
        .flatMap(
            counts ->
                rollouts
                    .target()
                    .map(
                        target ->
                            RolloutDocument.of(
                                row,
                                target.filter(row.id::equals).isPresent(),
                                counts,
                                members,
                                history)));
  }

  private Uni<Counts> counts(RolloutRow row) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createSelectionQuery(
                        "select phase, count(*) from MemberRow where rolloutId = :rollout group by phase",
                        Object[].class)
                    .setParameter("rollout", row.id)
                    .getResultList())
        .flatMap(found -> candidates.count(row).map(waiting -> counts(found, waiting)));
  }

  private static Counts counts(List<Object[]> found, long waiting) {
    Map<String, Long> by = new HashMap<>();
    found.forEach(row -> by.put((String) row[0], (Long) row[1]));
    return new Counts(
        waiting,
        by.getOrDefault("requested", 0L),
        by.getOrDefault("moved", 0L),
        by.getOrDefault("proved", 0L),
        by.getOrDefault("failed", 0L),
        by.getOrDefault("left_out", 0L),
        by.getOrDefault("returning", 0L),
        by.getOrDefault("returned", 0L));
  }

  private static Uni<List<Member>> members(UUID id) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createSelectionQuery(MEMBERS, MemberRow.class)
                    .setParameter("rollout", id)
                    .setMaxResults(MOST_MEMBERS)
                    .getResultList())
        .map(rows -> rows.stream().map(Member::of).toList());
  }

  private static Uni<List<Deed>> history(UUID id) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createNativeQuery(
                        "select action, by, reason, at from agent_rollout_audit"
                            + " where rollout_id = :rollout order by id",
                        Object[].class)
                    .setParameter("rollout", id)
                    .getResultList())
        .map(rows -> rows.stream().map(RolloutReader::deed).toList());
  }

  private static Deed deed(Object[] row) {
    var at = row[3] instanceof Instant i ? i : ((OffsetDateTime) row[3]).toInstant();
    return new Deed((String) row[0], (String) row[1], (String) row[2], at);
  }
}
