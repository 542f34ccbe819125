package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolRemovalRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolRestartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.http.StrictJson;
import io.agentopia.toolbox.gateway.idempotency.Idempotency;
import io.agentopia.toolbox.gateway.internal.Catalogs;
import io.agentopia.toolbox.gateway.toolbox.ToolboxCommands;
import io.agentopia.toolbox.gateway.toolbox.ToolboxQueries;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What users may ask of tools, and what they are shown; for the API and for the page. */
@ApplicationScoped
public class Tools {
  @Inject ToolboxQueries toolboxes;
  @Inject Idempotency idempotency;
  @Inject Troubles troubles;
  @Inject Catalogs catalogs;
  @Inject Outbox outbox;
  @Inject Ids ids;
  @Inject Clock clock;

  /** What can be done to a tool that is there. */
  public enum Verb {
    START,
    STOP,
    RESTART,
    REMOVE
  }

  public record DeployTool(String name, ToolSpec spec) {}

  /** Those that are there, oldest first. */
  public Uni<List<ToolDocument>> list(Caller caller, String toolboxId) {
    return Panache.withSession(
        () ->
            toolboxes
                .visible(caller, toolboxId)
                .flatMap(toolbox -> there(toolbox).flatMap(views -> documents(toolbox, views))));
  }

  /**
   * Those that are there, oldest first, and behind them those that were removed, last ones first;
   * or a further page of the removed ones alone.
   *
   * @param limit most of the removed ones
   * @param cursor null: from the beginning
   */
  public Uni<Slice<ToolDocument>> listWithRemoved(
      Caller caller, String toolboxId, int limit, String cursor) {
    var after = Cursor.byId(cursor, "removed tools");
    var isFirst = cursor == null || cursor.isEmpty();
    return Panache.withSession(
        () ->
            toolboxes
                .visible(caller, toolboxId)
                .flatMap(
                    toolbox ->
                        (isFirst ? there(toolbox) : Uni.createFrom().item(List.<ToolView>of()))
                            .flatMap(
                                there ->
                                    removed(toolbox, limit, after)
                                        .flatMap(
                                            removed ->
                                                documents(toolbox, both(there, removed.items()))
                                                    .map(
                                                        all ->
                                                            new Slice<>(
                                                                all, removed.nextCursor()))))));
  }

  private static Uni<List<ToolView>> there(ToolboxView toolbox) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createQuery(
                        "from ToolView t where t.toolboxId = :id and t.status <> 'removed'"
                            + " order by t.createdAt",
                        ToolView.class)
                    .setParameter("id", toolbox.id)
                    .getResultList());
  }

  private static Uni<Slice<ToolView>> removed(ToolboxView toolbox, int limit, Cursor<UUID> after) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createQuery(
                        "from ToolView t where t.toolboxId = :id and t.status = 'removed'"
                            + " and (t.updatedAt < :at or t.updatedAt = :at and t.id < :key)"
                            + " order by t.updatedAt desc, t.id desc",
                        ToolView.class)
                    .setParameter("id", toolbox.id)
                    .setParameter("at", after.at())
                    .setParameter("key", after.key())
                    .setMaxResults(limit + 1)
                    .getResultList())
        .map(found -> Slice.of(found, limit, last -> new Cursor<>(last.updatedAt, last.id)));
  }

  private static List<ToolView> both(List<ToolView> there, List<ToolView> removed) {
    return Stream.concat(there.stream(), removed.stream()).toList();
  }

  public Uni<ToolDocument> get(Caller caller, String toolboxId, String toolId) {
    return Panache.withSession(
        () ->
            toolboxes
                .visible(caller, toolboxId)
                .flatMap(
                    toolbox ->
                        find(toolbox, toolId).flatMap(view -> documents(toolbox, List.of(view))))
                .map(List::getFirst));
  }

  private Uni<List<ToolDocument>> documents(ToolboxView toolbox, List<ToolView> views) {
    return troubles
        .of(toolbox)
        .map(found -> views.stream().map(view -> ToolDocument.of(view, found)).toList());
  }

  /**
   * @return the new tool, or the one that an earlier request with the same key made
   */
  public Uni<ToolDocument> deploy(
      Caller caller, String toolboxId, DeployTool wish, String idempotencyKey, String traceparent) {
    var violations = Rules.tool(wish.name(), wish.spec());
    if (!violations.isEmpty()) {
      throw Problem.invalid(
              "The tool was not deployed to toolbox "
                  + toolboxId
                  + ": some of its fields cannot be accepted.",
              violations)
          .exception();
    }
    return catalogs
        .current()
        .flatMap(
            catalog ->
                Panache.withTransaction(
                    () ->
                        changeable(caller, toolboxId)
                            .flatMap(
                                toolbox ->
                                    deployOnce(
                                        caller,
                                        toolbox,
                                        wish,
                                        catalog.flatMap(c -> c.size(toolbox.size)),
                                        idempotencyKey,
                                        traceparent))));
  }

  private Uni<ToolDocument> deployOnce(
      Caller caller,
      ToolboxView toolbox,
      DeployTool wish,
      Optional<Catalog.Size> size,
      String idempotencyKey,
      String traceparent) {
    var id = ids.next();
    return idempotency
        .claim(
            caller.accountId(),
            "POST /v1/toolboxes/" + toolbox.id + "/tools",
            idempotencyKey,
            StrictJson.canonical(wish),
            id)
        .flatMap(
            earlier -> {
              if (earlier.isPresent()) {
                return find(toolbox, earlier.get().toString())
                    .flatMap(view -> documents(toolbox, List.of(view)))
                    .map(List::getFirst);
              }
              size.ifPresent(s -> Room.refuseIfTooLarge(toolbox, wish, s));
              return insert(toolbox, wish, id, traceparent);
            });
  }

  /**
   * The toolbox, locked: two wishes about one toolbox are published in the order of their commits.
   */
  private Uni<ToolboxView> changeable(Caller caller, String toolboxId) {
    return toolboxes
        .locked(caller, toolboxId)
        .map(
            toolbox -> {
              if (!caller.mayChange(toolbox.accountId)) {
                throw ToolboxCommands.readOnly().exception();
              }
              if (ToolboxCommands.BEING_DELETED.contains(toolbox.status)) {
                throw ToolboxCommands.beingDeleted(toolbox).exception();
              }
              return toolbox;
            });
  }

  private Uni<ToolDocument> insert(
      ToolboxView toolbox, DeployTool wish, UUID id, String traceparent) {
    var event = new ToolDeployRequested(subject(toolbox), id, wish.name(), wish.spec());
    var view = ToolView.asked(event, clock.instant());
    return Room.others(toolbox)
        .invoke(
            others -> {
              Room.refuseIfFull(toolbox, others);
              Room.refuseIfTaken(toolbox, wish, others);
            })
        .flatMap(x -> Panache.getSession())
        .flatMap(s -> s.persist(view).flatMap(x -> s.flush()))
        .flatMap(x -> outbox.append(traceparent, List.of(event)))
        .replaceWith(() -> ToolDocument.of(view, Troubles.Found.NONE));
  }

  public Uni<ToolDocument> act(
      Caller caller, String toolboxId, String toolId, Verb verb, String traceparent) {
    return Panache.withTransaction(
        () ->
            changeable(caller, toolboxId)
                .flatMap(
                    toolbox ->
                        find(toolbox, toolId)
                            .call(
                                view ->
                                    isGone(view)
                                        ? Uni.createFrom().voidItem()
                                        : outbox.append(
                                            traceparent, List.of(request(toolbox, view.id, verb))))
                            .map(
                                view -> {
                                  if (isGone(view) && verb != Verb.REMOVE) {
                                    throw removed(view).exception();
                                  }
                                  return ToolDocument.of(view, Troubles.Found.NONE);
                                })));
  }

  private static boolean isGone(ToolView view) {
    return view.status.equals(ToolStatus.REMOVED.wire());
  }

  private static Problem removed(ToolView view) {
    return Problem.of(
        409,
        "tool_removed",
        "The tool is removed",
        "Tool " + view.id + " was removed from its toolbox.",
        "Deploy it again.");
  }

  /** Of the next request about this toolbox. */
  private static Subject subject(ToolboxView toolbox) {
    return new Subject(toolbox.id, toolbox.accountId, 0, ++toolbox.requestSequence);
  }

  private static ToolRequest request(ToolboxView toolbox, UUID toolId, Verb verb) {
    var subject = subject(toolbox);
    return switch (verb) {
      case START -> new ToolStartRequested(subject, toolId);
      case STOP -> new ToolStopRequested(subject, toolId);
      case RESTART -> new ToolRestartRequested(subject, toolId);
      case REMOVE -> new ToolRemovalRequested(subject, toolId);
    };
  }

  private static Uni<ToolView> find(ToolboxView toolbox, String toolId) {
    return Panache.getSession()
        .flatMap(s -> s.find(ToolView.class, ToolboxQueries.uuid("tool", toolId)))
        .map(
            view -> {
              if (view == null || !view.toolboxId.equals(toolbox.id)) {
                throw Problem.notFound("tool on toolbox " + toolbox.id, toolId).exception();
              }
              return view;
            });
  }
}
