package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.http.StrictJson;
import io.agentopia.toolbox.gateway.idempotency.Idempotency;
import io.agentopia.toolbox.gateway.internal.Catalogs;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What users may ask of toolboxes; for the API and for the page. The read model's row and the event
 * are written together.
 */
@ApplicationScoped
public class ToolboxCommands {
  public static final Set<String> BEING_DELETED =
      Set.of(
          ToolboxStatus.PENDING_DEPROVISION.wire(),
          ToolboxStatus.DEPROVISIONING.wire(),
          ToolboxStatus.DEPROVISIONED.wire());

  @Inject Catalogs catalogs;
  @Inject AccountRoom room;
  @Inject Idempotency idempotency;
  @Inject ToolboxQueries queries;
  @Inject Outbox outbox;
  @Inject Ids ids;
  @Inject Clock clock;

  @Schema(name = "ToolboxWish")
  public record CreateToolbox(
      @Schema(description = "unique within the account", examples = "research", required = true)
          String name,
      @Schema(description = "of /v1/catalog", examples = "nyc3", required = true) String region,
      @Schema(description = "of /v1/catalog", examples = "s-1vcpu-1gb", required = true)
          String size) {}

  /**
   * @return the new toolbox, or the one that an earlier request with the same key made
   */
  public Uni<ToolboxDocument> create(
      Caller caller, CreateToolbox wish, String idempotencyKey, String traceparent) {
    return check(wish)
        .flatMap(
            x ->
                Panache.withTransaction(
                    () -> createOnce(caller, wish, idempotencyKey, traceparent)));
  }

  private Uni<Void> check(CreateToolbox wish) {
    return catalogs
        .current()
        .map(
            catalog -> {
              var found = new ArrayList<>(Rules.toolbox(wish.name(), wish.region(), wish.size()));
              var isReadable =
                  found.stream()
                      .noneMatch(v -> v.field().equals("region") || v.field().equals("size"));
              if (isReadable && catalog.isPresent()) {
                found.addAll(catalog.get().objections(wish.region(), wish.size()));
              }
              refuseIf(found);
              return null;
            });
  }

  private static void refuseIf(List<Violation> found) {
    if (!found.isEmpty()) {
      throw Problem.invalid(
              "The toolbox was not requested: "
                  + found.size()
                  + " of its fields cannot be accepted.",
              found)
          .exception();
    }
  }

  private Uni<ToolboxDocument> createOnce(
      Caller caller, CreateToolbox wish, String idempotencyKey, String traceparent) {
    var id = ids.next();
    return idempotency
        .claim(
            caller.accountId(),
            "POST /v1/toolboxes",
            idempotencyKey,
            StrictJson.canonical(wish),
            id)
        .flatMap(
            earlier ->
                earlier.isPresent()
                    ? queries.read(caller, earlier.get().toString())
                    : insert(caller, wish, id, traceparent));
  }

  private Uni<ToolboxDocument> insert(
      Caller caller, CreateToolbox wish, UUID id, String traceparent) {
    var event =
        new ToolboxRequested(
            new Subject(id, caller.accountId(), 0, 1), wish.name(), wish.region(), wish.size());
    var view = ToolboxView.asked(event, clock.instant());
    return Panache.getSession()
        .call(session -> room.refuseIfThereIsNone(session, caller.accountId(), wish.name()))
        .flatMap(session -> session.persist(view).flatMap(x -> session.flush()))
        .flatMap(x -> outbox.append(traceparent, List.of(event)))
        .replaceWith(
            () -> ToolboxDocument.of(view, new Slice<>(List.of(), null), Troubles.Found.NONE));
  }

  /** Asked for again, or when it is deleted already, it changes nothing. */
  public Uni<Void> delete(Caller caller, String id, boolean force, String traceparent) {
    return change(
        caller,
        id,
        traceparent,
        view -> {
          if (view.status.equals(ToolboxStatus.DEPROVISIONED.wire())) {
            return null;
          }
          if (AccountRoom.wasNeverAccepted(view)) {
            // Nobody else knows of it: there is nothing to be deleted but this row.
            view.status = ToolboxStatus.DEPROVISIONED.wire();
            view.statusDetail = "it was never accepted";
            return null;
          }
          view.statusDetail = "deletion was asked for";
          return new ToolboxDeletionRequested(
              new Subject(view.id, view.accountId, 0, ++view.requestSequence),
              force,
              "asked for by the account");
        });
  }

  private static Problem neverAccepted(ToolboxView view) {
    return Problem.of(
        409,
        "never_accepted",
        "The toolbox was never accepted",
        "Toolbox " + view.id + " was refused (" + view.errorCode + "), so it has no droplet.",
        "Delete it, and ask for a new one.");
  }

  public Uni<Void> recreate(Caller caller, String id, String traceparent) {
    return change(
        caller,
        id,
        traceparent,
        view -> {
          if (BEING_DELETED.contains(view.status)) {
            throw beingDeleted(view).exception();
          }
          if (AccountRoom.wasNeverAccepted(view)) {
            throw neverAccepted(view).exception();
          }
          return new ToolboxRecreationRequested(
              new Subject(view.id, view.accountId, view.generation, ++view.requestSequence),
              "asked for by the account");
        });
  }

  public static Problem beingDeleted(ToolboxView view) {
    return Problem.of(
        409,
        "toolbox_deleted",
        "The toolbox is being deleted",
        "Toolbox " + view.id + " is " + view.status + ".",
        "Create a new toolbox.");
  }

  private interface Change {
    /**
     * @return the event to publish, or null for none
     */
    Event of(ToolboxView view);
  }

  private Uni<Void> change(Caller caller, String id, String traceparent, Change change) {
    return Panache.withTransaction(
        () ->
            queries
                .locked(caller, id)
                .flatMap(
                    view -> {
                      if (!caller.mayChange(view.accountId)) {
                        throw readOnly().exception();
                      }
                      var event = change.of(view);
                      view.updatedAt = clock.instant();
                      return event == null
                          ? Uni.createFrom().voidItem()
                          : outbox.append(traceparent, List.of(event));
                    }));
  }

  public static Problem readOnly() {
    return Problem.of(
        403,
        "forbidden",
        "Not allowed",
        "Operators may look at other accounts' toolboxes, not change them.",
        "Use a key of the account.");
  }
}
