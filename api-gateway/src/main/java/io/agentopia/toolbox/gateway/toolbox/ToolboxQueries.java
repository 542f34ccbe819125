package io.agentopia.toolbox.gateway.toolbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.view.TimelineEntry;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Reading toolboxes. What a caller may not see does not exist for it. */
@ApplicationScoped
public class ToolboxQueries {

  private static final String LATEST_FIRST =
      " and (t.at < :at or t.at = :at and t.id < :key) order by t.at desc, t.id desc";

  @Inject Troubles troubles;

  /** Entries of a timeline that are read at once. */
  static final int MOST = 200;

  public record Page(List<ToolboxDocument> items, String nextCursor) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Timeline", description = "Latest first.")
  public record Timeline(List<ToolboxDocument.Stage> items, String nextCursor) {}

  public Uni<Page> page(Caller caller, String status, int limit, String cursor) {
    var after = Cursor.byId(cursor, "toolboxes");
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
                              .setParameter("at", after.at())
                              .setParameter("id", after.key())
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
    var page = Slice.of(views, limit, last -> new Cursor<>(last.createdAt, last.id));
    return new Page(page.map(ToolboxDocument::of).items(), page.nextCursor());
  }

  public Uni<ToolboxDocument> get(Caller caller, String id) {
    return Panache.withSession(() -> read(caller, id));
  }

  /** As {@link #get}, within the current session. */
  Uni<ToolboxDocument> read(Caller caller, String id) {
    return visible(caller, id)
        .flatMap(
            view ->
                entries(view.id, MOST, null)
                    .flatMap(
                        timeline ->
                            troubles
                                .of(view)
                                .map(found -> ToolboxDocument.of(view, timeline, found))));
  }

  /** Latest first, behind {@code cursor}. */
  public Uni<Timeline> timeline(Caller caller, String id, int limit, String cursor) {
    return Panache.withSession(
        () ->
            visible(caller, id)
                .flatMap(view -> entries(view.id, limit, cursor))
                .map(page -> page.map(ToolboxDocument.Stage::of))
                .map(page -> new Timeline(page.items(), page.nextCursor())));
  }

  /** The latest, or those before {@code cursor}. */
  public Uni<BootTimeline> boot(Caller caller, String id, int limit, String cursor) {
    return Panache.withSession(
        () ->
            visible(caller, id)
                .flatMap(
                    view ->
                        stages(view, limit + 1, cursor)
                            .flatMap(
                                found ->
                                    newest(view, found, cursor)
                                        .map(
                                            newest ->
                                                BootTimeline.of(view, found, limit, newest)))));
  }

  private static Uni<List<TimelineEntry>> newest(
      ToolboxView view, List<TimelineEntry> found, String cursor) {
    return cursor == null ? Uni.createFrom().item(found) : stages(view, 1, null);
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

  /** Stages of the present droplet's boot, latest first. */
  private static Uni<List<TimelineEntry>> stages(ToolboxView view, int most, String cursor) {
    var after = Cursor.byNumber(cursor, "stages");
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "from TimelineEntry t where t.toolboxId = :id and t.generation = :generation"
                            + " and t.stage in (:stages)"
                            + LATEST_FIRST,
                        TimelineEntry.class)
                    .setParameter("id", view.id)
                    .setParameter("generation", view.generation)
                    .setParameter("stages", BootTimeline.OF_A_BOOT)
                    .setParameter("at", after.at())
                    .setParameter("key", after.key())
                    .setMaxResults(most)
                    .getResultList());
  }

  /** Latest first. */
  private static Uni<Slice<TimelineEntry>> entries(UUID toolboxId, int limit, String cursor) {
    var after = Cursor.byNumber(cursor, "entries");
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createQuery(
                        "from TimelineEntry t where t.toolboxId = :id" + LATEST_FIRST,
                        TimelineEntry.class)
                    .setParameter("id", toolboxId)
                    .setParameter("at", after.at())
                    .setParameter("key", after.key())
                    .setMaxResults(limit + 1)
                    .getResultList())
        .map(found -> Slice.of(found, limit, TimelineEntry::cursor));
  }
}
