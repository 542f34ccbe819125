package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.catalog.Catalogs;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.http.StrictJson;
import io.agentopia.toolbox.gateway.idempotency.Idempotency;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

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

  /** By which the provisioner refuses a request; it keeps nothing of such a toolbox. */
  private static final Set<String> NEVER_ACCEPTED = Set.of("name_taken", "invalid_request");

  /** Whoever has it next sees what the one before has made. */
  private static final String LOCK =
      "select cast(pg_advisory_xact_lock(hashtextextended($1, 0)) as text)";

  /** More requests than these are never on their way for one account at the same time. */
  private static final int AT_ONCE = 256;

  /** Those that were never accepted do not count, and their names are free. */
  private static final String ROOM =
      "select (select toolboxes from account_quotas where account_id = $1), count(*),"
          + " (array_agg(id) filter (where name = $2))[1] from toolbox_view where account_id = $1"
          + " and status <> 'deprovisioned' and not (status = 'error_provisioning'"
          + " and error_code in ('name_taken', 'invalid_request'))";

  @Inject Catalogs catalogs;
  @Inject GatewayConfig config;
  @Inject Idempotency idempotency;
  @Inject ToolboxQueries queries;
  @Inject Outbox outbox;
  @Inject Ids ids;
  @Inject Clock clock;

  @Schema(name = "ToolboxWish")
  public record Wish(
      @Schema(description = "unique within the account", examples = "research", required = true)
          String name,
      @Schema(description = "of /v1/catalog", examples = "nyc3", required = true) String region,
      @Schema(description = "of /v1/catalog", examples = "s-1vcpu-1gb", required = true)
          String size) {}

  /**
   * @return the new toolbox, or the one that an earlier request with the same key made
   */
  public Uni<ToolboxDocument> create(
      Caller caller, Wish wish, String idempotencyKey, String traceparent) {
    return check(wish)
        .flatMap(
            x ->
                Panache.withTransaction(
                    () -> createOnce(caller, wish, idempotencyKey, traceparent)));
  }

  private Uni<Void> check(Wish wish) {
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
      Caller caller, Wish wish, String idempotencyKey, String traceparent) {
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

  private Uni<ToolboxDocument> insert(Caller caller, Wish wish, UUID id, String traceparent) {
    var view = view(caller, wish, id);
    var event =
        new ToolboxRequested(id, caller.accountId(), 0, 1, wish.name(), wish.region(), wish.size());
    return Panache.getSession()
        .call(session -> refuseIfThereIsNoRoom(session, caller.accountId(), wish.name()))
        .flatMap(session -> session.persist(view).flatMap(x -> session.flush()))
        .flatMap(x -> outbox.append(traceparent, List.of(event)))
        .replaceWith(() -> ToolboxDocument.of(view, List.of(), Troubles.Found.NONE));
  }

  /**
   * Requests for one name come one after the other, and so do all of an account that is near its
   * quota.
   */
  private Uni<Void> refuseIfThereIsNoRoom(Mutiny.Session session, String accountId, String name) {
    return lock(session, accountId + "/" + name)
        .flatMap(x -> room(session, accountId, name))
        .flatMap(
            room ->
                room.there() + AT_ONCE < room.most()
                    ? Uni.createFrom().item(room)
                    : lock(session, accountId).flatMap(x -> room(session, accountId, name)))
        .invoke(
            room -> {
              if (room.ofThatName() != null) {
                throw nameTaken(name, room.ofThatName()).exception();
              }
              if (room.there() >= room.most()) {
                throw tooMany(room).exception();
              }
            })
        .replaceWithVoid();
  }

  /** What an account has, and may have. */
  private record RoomOfAccount(long there, int most, UUID ofThatName) {}

  private static Uni<?> lock(Mutiny.Session session, String key) {
    return SessionSql.select(session, LOCK, key);
  }

  private Uni<RoomOfAccount> room(Mutiny.Session session, String accountId, String name) {
    return SessionSql.select(session, ROOM, accountId, name)
        .map(List::getFirst)
        .map(
            row ->
                new RoomOfAccount(
                    (Long) row[1],
                    Objects.requireNonNullElse((Integer) row[0], config.quotas().toolboxes()),
                    (UUID) row[2]));
  }

  private static Problem nameTaken(String name, UUID other) {
    return Problem.of(
        409,
        "name_taken",
        "Name taken",
        "Toolbox " + other + " of this account has the name '" + name + "' already.",
        "Choose another name, or delete that toolbox first.");
  }

  private static Problem tooMany(RoomOfAccount room) {
    return Problem.of(
        409,
        "too_many_toolboxes",
        "The account has all the toolboxes it can have",
        "The account has %d toolboxes; at most %d are allowed. Nothing was requested."
            .formatted(room.there(), room.most()),
        "Delete a toolbox first, or ask an operator to allow more.");
  }

  private ToolboxView view(Caller caller, Wish wish, UUID id) {
    var view = new ToolboxView();
    view.id = id;
    view.accountId = caller.accountId();
    view.name = wish.name();
    view.region = wish.region();
    view.size = wish.size();
    view.status = ToolboxStatus.PENDING_PROVISION.wire();
    view.requestSequence = 1;
    view.createdAt = clock.instant();
    view.updatedAt = view.createdAt;
    return view;
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
          if (wasNeverAccepted(view)) {
            // Nobody else knows of it: there is nothing to be deleted but this row.
            view.status = ToolboxStatus.DEPROVISIONED.wire();
            view.statusDetail = "it was never accepted";
            return null;
          }
          view.statusDetail = "deletion was asked for";
          return new ToolboxDeletionRequested(
              view.id,
              view.accountId,
              0,
              ++view.requestSequence,
              force,
              "asked for by the account");
        });
  }

  private static boolean wasNeverAccepted(ToolboxView view) {
    return view.status.equals(ToolboxStatus.ERROR_PROVISIONING.wire())
        && NEVER_ACCEPTED.contains(Objects.requireNonNullElse(view.errorCode, ""));
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
          if (wasNeverAccepted(view)) {
            throw neverAccepted(view).exception();
          }
          return new ToolboxRecreationRequested(
              view.id,
              view.accountId,
              view.generation,
              ++view.requestSequence,
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
