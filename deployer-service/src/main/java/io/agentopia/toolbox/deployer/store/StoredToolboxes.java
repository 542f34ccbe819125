package io.agentopia.toolbox.deployer.store;

import io.agentopia.toolbox.deployer.messaging.ToolboxStore;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.ToolboxTools;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link ToolboxStore} in PostgreSQL, in the transaction of the current Panache session. */
@ApplicationScoped
public class StoredToolboxes implements ToolboxStore {
  /** A due instance is found by its deadline's index; its toolbox is what gets locked. */
  private static final String DUE =
      """
      select distinct due.toolbox_id from (
        select toolbox_id from account_tool_instances
         where deadline_at <= :now order by deadline_at limit :most) due""";

  private static final String HEARD_OF =
      """
      insert into toolboxes (id, account_id, owner_known, status, generation, healthy,
                             manifest_generation, sequence, lifecycle_sequence, health_sequence,
                             report_sequence, version, created_at, updated_at)
      values (:id, :account, :known, :status, 0, false, 0, 0, 0, 0, 0, 0, :now, :now)
      on conflict (id) do nothing returning id""";

  @Override
  public Uni<Void> hearOf(Toolbox toolbox) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(HEARD_OF, UUID.class)
                    .setParameter("id", toolbox.id())
                    .setParameter("account", toolbox.accountId())
                    .setParameter("known", toolbox.ownerKnown())
                    .setParameter("status", toolbox.status().wire())
                    .setParameter("now", toolbox.knownSince())
                    .getResultList())
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> lock(List<UUID> toolboxIds) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery("from ToolboxRow where id in :ids order by id", ToolboxRow.class)
                    .setParameter("ids", toolboxIds)
                    .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                    .getResultList())
        .replaceWithVoid();
  }

  @Override
  public Uni<Optional<ToolboxTools>> open(UUID toolboxId, UUID alsoTool) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .find(ToolboxRow.class, toolboxId, LockModeType.PESSIMISTIC_WRITE)
                    .flatMap(row -> read(session, row, alsoTool)));
  }

  @Override
  public Uni<Optional<ToolboxTools>> openIfFree(UUID toolboxId) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(
                        "select id from toolboxes where id = :id for update skip locked",
                        UUID.class)
                    .setParameter("id", toolboxId)
                    .getResultList()
                    .flatMap(
                        free ->
                            free.isEmpty()
                                ? Uni.createFrom().item(Optional.<ToolboxTools>empty())
                                : open(toolboxId, null)));
  }

  @Override
  public Uni<List<UUID>> due(Instant now, int most) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(DUE, UUID.class)
                    .setParameter("now", now)
                    .setParameter("most", most)
                    .getResultList());
  }

  @Override
  public Uni<List<UUID>> untold(int most) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "select id from ToolboxRow where toldGeneration < manifestGeneration and"
                            + " ownerKnown order by id",
                        UUID.class)
                    .setMaxResults(most)
                    .getResultList());
  }

  @Override
  public Uni<List<UUID>> below(long floor, int most) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "select id from ToolboxRow where sequence < :floor or manifestGeneration <"
                            + " :floor order by id",
                        UUID.class)
                    .setParameter("floor", floor)
                    .setMaxResults(most)
                    .getResultList());
  }

  /**
   * The row itself is not read: it may only be once its toolbox is locked, or the session would
   * keep an old state of it.
   */
  @Override
  public Uni<Optional<UUID>> toolboxOf(UUID toolInstanceId) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery("select toolboxId from ToolRow where id = :id", UUID.class)
                    .setParameter("id", toolInstanceId)
                    .getSingleResultOrNull())
        .map(Optional::ofNullable);
  }

  @Override
  public Uni<Void> save(Decision.Decided decided, Instant now) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .find(ToolboxRow.class, decided.toolbox().id())
                    .invoke(row -> row.take(decided, now))
                    .flatMap(row -> saveTools(session, decided, now)));
  }

  private static Uni<Optional<ToolboxTools>> read(
      Mutiny.Session session, ToolboxRow row, UUID alsoTool) {
    if (row == null) {
      return Uni.createFrom().item(Optional.empty());
    }
    return session
        .createQuery(
            "from ToolRow where toolboxId = :toolbox and (status <> 'removed' or id = :also)"
                + " order by createdAt, id",
            ToolRow.class)
        .setParameter("toolbox", row.id)
        .setParameter("also", alsoTool)
        .getResultList()
        .map(tools -> tools.stream().map(ToolRows::read).toList())
        .map(tools -> Optional.of(new ToolboxTools(row.toToolbox(), tools)));
  }

  private static Uni<Void> saveTools(
      Mutiny.Session session, Decision.Decided decided, Instant now) {
    return InTurn.each(decided.tools(), tool -> save(session, tool, decided.toolbox(), now));
  }

  private static Uni<Void> save(
      Mutiny.Session session, ToolInstance tool, Toolbox toolbox, Instant now) {
    return session
        .find(ToolRow.class, tool.wanted().toolInstanceId())
        .flatMap(
            row -> {
              if (row != null) {
                ToolRows.write(tool, toolbox, row, now);
                return Uni.createFrom().voidItem();
              }
              var added = new ToolRow();
              added.id = tool.wanted().toolInstanceId();
              added.createdAt = now;
              ToolRows.write(tool, toolbox, added, now);
              return session.persist(added);
            });
  }
}
