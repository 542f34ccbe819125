package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Toolboxes as rows; two writers who meet at one are told apart by its version. */
@ApplicationScoped
public class ToolboxTable
    implements ToolboxStore, PanacheRepositoryBase<AccountToolEnvironment, UUID> {
  static final String DUE =
      "select t.* from account_tool_environments t join (select id, row_number() over"
          + " (partition by account_id order by next_at) as turn from account_tool_environments"
          + " where next_at <= ?1) w on w.id = t.id where t.next_at <= ?1"
          + " order by w.turn, t.next_at limit ?2 for update of t skip locked";

  private static final String NEXT =
      "select min(nextAt) from AccountToolEnvironment where nextAt > ?1";

  private final Clock clock;

  @Inject
  public ToolboxTable(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Uni<Toolbox> find(UUID id) {
    return findById(id).map(ToolboxTable::toolbox);
  }

  @Override
  public Uni<Toolbox> findByName(String accountId, String name) {
    return find("accountId = ?1 and name = ?2 and status <> 'deprovisioned'", accountId, name)
        .firstResult()
        .map(ToolboxTable::toolbox);
  }

  @Override
  public Uni<Void> readTogether(Collection<UUID> ids) {
    return Panache.getSession()
        .flatMap(session -> session.find(AccountToolEnvironment.class, ids.toArray()))
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> insert(Toolbox toolbox, Instant nextAt) {
    return persist(AccountToolEnvironment.of(toolbox, nextAt, clock.instant()))
        .flatMap(row -> Panache.flush());
  }

  @Override
  public Uni<Void> save(Toolbox toolbox, Instant nextAt) {
    return findById(toolbox.id())
        .invoke(row -> row.write(toolbox, nextAt, clock.instant()))
        .flatMap(row -> Panache.flush());
  }

  @Override
  public Uni<Void> save(Toolbox toolbox) {
    return findById(toolbox.id()).flatMap(row -> save(toolbox, row.nextAt));
  }

  @Override
  public Uni<Instant> nextDue() {
    return Panache.getSession().flatMap(session -> next(session, Instant.EPOCH));
  }

  private static Uni<Instant> next(Mutiny.Session session, Instant after) {
    return session.createQuery(NEXT, Instant.class).setParameter(1, after).getSingleResultOrNull();
  }

  @Override
  public Uni<Claimed<Toolbox>> claim(int most, Instant now, Instant until) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(DUE, AccountToolEnvironment.class)
                    .setParameter(1, now)
                    .setParameter(2, most)
                    .getResultList()
                    .flatMap(due -> next(session, now).map(next -> claimed(due, until, next))));
  }

  private static Claimed<Toolbox> claimed(
      List<AccountToolEnvironment> due, Instant until, Instant next) {
    due.forEach(row -> row.nextAt = until);
    return new Claimed<>(due.stream().map(AccountToolEnvironment::toToolbox).toList(), next);
  }

  @Override
  public Uni<Boolean> hasAny() {
    return count().map(count -> count > 0);
  }

  private static Toolbox toolbox(AccountToolEnvironment row) {
    return row == null ? null : row.toToolbox();
  }
}
