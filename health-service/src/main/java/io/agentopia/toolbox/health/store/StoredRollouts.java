package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link Rollouts} as a table. */
@ApplicationScoped
public class StoredRollouts implements Rollouts {
  private static final String TARGET =
      "(select id from agent_rollout where state = 'complete' order by started_at desc limit 1)";

  private static final String TO_LOOK_AT =
      "select r.id from agent_rollout r where r.state in ('canary', 'rolling', 'halted', 'rolling_back') or r.id = "
          + TARGET
          + " or exists (select 1 from agent_rollout_member m where m.rollout_id = r.id"
          + " and m.phase in ('requested', 'moved', 'returning'))";

  private static final String OPEN =
      "from RolloutRow where state in ('canary', 'rolling', 'halted', 'rolling_back')";

  @Override
  public Uni<List<UUID>> toLookAt() {
    return session(s -> s.createNativeQuery(TO_LOOK_AT, UUID.class).getResultList());
  }

  @Override
  public Uni<Optional<RolloutRow>> lockIfFree(UUID id) {
    return locked(id, LockMode.UPGRADE_SKIPLOCKED);
  }

  @Override
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

  @Override
  public Uni<Optional<RolloutRow>> open() {
    return session(s -> s.createSelectionQuery(OPEN, RolloutRow.class).getResultList())
        .map(rows -> rows.stream().findFirst());
  }

  @Override
  public Uni<Optional<UUID>> target() {
    return session(
            s -> s.createNativeQuery("select * from " + TARGET + " t", UUID.class).getResultList())
        .map(ids -> ids.stream().findFirst());
  }

  @Override
  public Uni<Void> add(RolloutRow row) {
    return session(s -> s.persist(row));
  }

  @Override
  public Uni<Void> audit(UUID rolloutId, String action, String by, String reason, Instant at) {
    return session(
            s ->
                s.flush() // where another is open it is refused here
                    .chain(
                        () ->
                            s.createNativeQuery(
                                    "insert into agent_rollout_audit (rollout_id, action, by, reason, at)"
                                        + " values (:rollout, :action, :by, :reason, :at)")
                                .setParameter("rollout", rolloutId)
                                .setParameter("action", action)
                                .setParameter("by", by)
                                .setParameter("reason", reason)
                                .setParameter("at", at)
                                .executeUpdate()))
        .replaceWithVoid();
  }

  static <T> Uni<T> session(Function<Mutiny.Session, Uni<T>> work) {
    return Panache.getSession().flatMap(work::apply);
  }
}
