package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** Toolboxes as rows; two writers who meet at one are told apart by its version. */
@ApplicationScoped
public class ToolboxTable
    implements ToolboxStore, PanacheRepositoryBase<AccountToolEnvironment, UUID> {
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
  public Uni<Boolean> hasAny() {
    return count().map(count -> count > 0);
  }

  private static Toolbox toolbox(AccountToolEnvironment row) {
    return row == null ? null : row.toToolbox();
  }
}
