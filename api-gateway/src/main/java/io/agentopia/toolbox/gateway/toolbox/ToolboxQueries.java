package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;

/** Reading toolboxes. What a caller may not see does not exist for it. */
@ApplicationScoped
public class ToolboxQueries {

  @Inject Troubles troubles;

  public record Page(List<ToolboxDocument> items, String nextCursor) {}

  public Uni<Page> page(Caller caller, String status, int limit, String cursor) {
    var after = Cursor.parse(cursor);
    var filter =
        (caller.role() == Caller.Role.OPERATOR ? "1 = 1" : "t.accountId = :account")
            + (status == null ? "" : " and t.status = :status")
            + " and (t.createdAt < :at or t.createdAt = :at and t.id < :id)";
    return Panache.withSession(
        () ->
            Panache.getSession()
                .flatMap(
                    session -> {
                      var query =
                          session
                              .createQuery(
                                  "from ToolboxView t where "
                                      + filter
                                      + " order by t.createdAt desc, t.id desc",
                                  ToolboxView.class)
                              .setParameter("at", after.createdAt())
                              .setParameter("id", after.id())
                              .setMaxResults(limit + 1);
                      if (caller.role() != Caller.Role.OPERATOR) {
                        query.setParameter("account", caller.accountId());
                      }
                      if (status != null) {
                        query.setParameter("status", status);
                      }
                      return query.getResultList();
                    })
                .map(views -> page(views, limit)));
  }

  private static Page page(List<ToolboxView> views, int limit) {
    var shown = views.subList(0, Math.min(limit, views.size()));
    var last = shown.isEmpty() ? null : shown.getLast();
    var next = views.size() > limit ? new Cursor(last.createdAt, last.id).text() : null;
    return new Page(shown.stream().map(ToolboxDocument::of).toList(), next);
  }

  public Uni<ToolboxDocument> get(Caller caller, String id) {
    return Panache.withSession(() -> read(caller, id));
  }

  /** As {@link #get}, within the current session. */
  Uni<ToolboxDocument> read(Caller caller, String id) {
    return visible(caller, id)
        .flatMap(
            view ->
                timeline(view.id)
                    .flatMap(
                        timeline ->
                            troubles
                                .of(view)
                                .map(found -> ToolboxDocument.of(view, timeline, found))));
  }

  public Uni<BootTimeline> boot(Caller caller, String id) {
    return Panache.withSession(
        () ->
            visible(caller, id)
                .flatMap(view -> bootOf(view).map(entries -> BootTimeline.of(view, entries))));
  }

  /** The row, within the current session; a problem where there is none for this caller. */
  public Uni<ToolboxView> visible(Caller caller, String id) {
    return Panache.getSession()
        .flatMap(session -> session.find(ToolboxView.class, uuid("toolbox", id)))
        .map(view -> seen(caller, id, view));
  }

  private static ToolboxView seen(Caller caller, String id, ToolboxView view) {
    if (view == null || !caller.maySee(view.accountId)) {
      throw Problem.notFound("toolbox", id).exception();
    }
    return view;
  }

  /** As {@link #visible}, with the row locked until the end of the transaction. */
  public Uni<ToolboxView> locked(Caller caller, String id) {
    return Panache.getSession()
        .flatMap(
            session ->
                session.find(
                    ToolboxView.class, uuid("toolbox", id), LockModeType.PESSIMISTIC_WRITE))
        .map(view -> seen(caller, id, view));
  }

  public static UUID uuid(String what, String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound(what, id).exception();
    }
  }

  private static Uni<List<TimelineEntry>> bootOf(ToolboxView view) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "from TimelineEntry t where t.toolboxId = :id and t.generation = :generation"
                            + " order by t.at, t.id",
                        TimelineEntry.class)
                    .setParameter("id", view.id)
                    .setParameter("generation", view.generation)
                    .setMaxResults(200)
                    .getResultList());
  }

  /** The newest, in the order in which they came. */
  private static Uni<List<TimelineEntry>> timeline(UUID toolboxId) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "from TimelineEntry t where t.toolboxId = :id order by t.at desc, t.id desc",
                        TimelineEntry.class)
                    .setParameter("id", toolboxId)
                    .setMaxResults(200)
                    .getResultList())
        .map(List::reversed);
  }
}
