package io.agentopia.toolbox.deployer.store;

import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.Verdict;
import io.agentopia.toolbox.deployer.toolbox.Workshop;
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

/**
 * Toolboxes with their tools, in PostgreSQL. To open one locks its row until the transaction ends,
 * so that whatever comes in about a toolbox, from whichever topic, is decided one after the other.
 * All methods need a transaction of the caller's.
 */
@ApplicationScoped
public class Workshops {
  /** A due instance is found by its deadline's index; its toolbox is what gets locked. */
  private static final String DUE =
      """
      select distinct due.toolbox_id from (
        select toolbox_id from account_tool_instances
         where deadline_at <= :now order by deadline_at limit :most) due""";

  private static final String HEARD_OF =
      """
      insert into toolboxes (id, account_id, owner_known, status, generation, agent_port, healthy,
                             manifest_generation, sequence, lifecycle_sequence, health_sequence,
                             report_sequence, version, created_at, updated_at)
      values (:id, :account, :known, :status, 0, 0, false, 0, 0, 0, 0, 0, 0, :now, :now)
      on conflict (id) do nothing returning id""";

  /**
   * Makes the row, unless somebody else was faster.
   *
   * @param ownerKnown who tells knows whose toolbox it is
   */
  public Uni<Void> hearOf(UUID toolboxId, String accountId, boolean ownerKnown, Instant now) {
    var toolbox = Toolbox.heardOf(toolboxId, accountId, ownerKnown, now);
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(HEARD_OF, UUID.class)
                    .setParameter("id", toolbox.id())
                    .setParameter("account", toolbox.accountId())
                    .setParameter("known", toolbox.ownerKnown())
                    .setParameter("status", toolbox.status().wire())
                    .setParameter("now", now)
                    .getResultList())
        .replaceWithVoid();
  }

  /** Locks those that are there, in the order of their ids; to open one of them costs less then. */
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

  /**
   * Locks the toolbox and reads it with its tools that are not removed.
   *
   * @param alsoTool one to be read even if it is removed, or null
   */
  public Uni<Optional<Workshop>> open(UUID toolboxId, UUID alsoTool) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .find(ToolboxRow.class, toolboxId, LockModeType.PESSIMISTIC_WRITE)
                    .flatMap(row -> read(session, row, alsoTool)));
  }

  /** As {@link #open}, but empty when somebody else is at it. */
  public Uni<Optional<Workshop>> openIfFree(UUID toolboxId) {
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
                                ? Uni.createFrom().item(Optional.<Workshop>empty())
                                : open(toolboxId, null)));
  }

  /** Toolboxes with an instance whose deadline has passed, those due longest first; no locks. */
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

  /** Toolboxes whose numbers are of a life before the last restore; no locks. */
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
   * The toolbox a tool instance is on, wherever that is. The row itself is not read: it may only be
   * once its toolbox is locked, or the session would keep an old state of it.
   */
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

  public Uni<Void> save(Verdict.Decided decided, Instant now) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .find(ToolboxRow.class, decided.toolbox().id())
                    .invoke(row -> row.take(decided.toolbox(), now))
                    .flatMap(row -> saveTools(session, decided, now)));
  }

  /** What the manifest is made of, without a lock. */
  public Uni<Optional<Workshop>> look(UUID toolboxId) {
    // The toolbox first: a change in between is then published under too low a generation, and read
    // again; the other way round an agent would take an old list for the new generation.
    return Panache.getSession()
        .flatMap(
            session ->
                session.find(ToolboxRow.class, toolboxId).flatMap(row -> read(session, row, null)));
  }

  private static Uni<Optional<Workshop>> read(
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
        .map(tools -> Optional.of(new Workshop(row.toToolbox(), tools)));
  }

  private static Uni<Void> saveTools(Mutiny.Session session, Verdict.Decided decided, Instant now) {
    return InTurn.each(decided.tools(), tool -> save(session, tool, decided.toolbox(), now));
  }

  private static Uni<Void> save(
      Mutiny.Session session, ToolInstance tool, Toolbox toolbox, Instant now) {
    return session
        .find(ToolRow.class, tool.wish().toolInstanceId())
        .flatMap(
            row -> {
              if (row != null) {
                ToolRows.write(tool, toolbox, row, now);
                return Uni.createFrom().voidItem();
              }
              var added = new ToolRow();
              added.id = tool.wish().toolInstanceId();
              added.createdAt = now;
              ToolRows.write(tool, toolbox, added, now);
              return session.persist(added);
            });
  }
}
