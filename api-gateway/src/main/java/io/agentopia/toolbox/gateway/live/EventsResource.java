package io.agentopia.toolbox.gateway.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.gateway.account.ApiKeys;
import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.tool.Tools;
import io.agentopia.toolbox.gateway.toolbox.ToolboxQueries;
import io.agentopia.toolbox.gateway.view.ViewChanges;
import io.agentopia.toolbox.gateway.view.ViewChanges.Change;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The read model, live: server-sent events {@code toolbox} and {@code tool} with the documents of
 * the API, and {@code resync} when some may have been missed: then read anew.
 */
@Path("/v1")
@Tag(name = "Live")
public class EventsResource {
  /**
   * The key is looked at this often; every fourth time the listener hears that the stream lives.
   */
  private static final Duration LOOK = Duration.ofSeconds(4);

  private static final int LOOKS_A_SIGN = 4;

  @Inject ViewChanges changes;
  @Inject VertxContexts contexts;
  @Inject ToolboxQueries toolboxes;
  @Inject Tools tools;
  @Inject CurrentCaller current;
  @Inject ApiKeys keys;
  @Inject ObjectMapper json;

  @GET
  @Path("/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "Every change of the account's toolboxes and tools, as server-sent events")
  public Multi<OutboundSseEvent> all(@Context Sse sse) {
    return stream(sse, current.get(), current.keyHash(), null);
  }

  @GET
  @Path("/toolboxes/{id}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary =
          "Every change of one toolbox and its tools, as server-sent events; the first one is how it stands")
  public Multi<OutboundSseEvent> one(@Context Sse sse, @PathParam("id") String id) {
    return stream(sse, current.get(), current.keyHash(), ToolboxQueries.uuid("toolbox", id));
  }

  /**
   * What a stream carries.
   *
   * @param event null where there is nothing to send
   * @param isOver its key was revoked, and the stream ends
   */
  private record Told(OutboundSseEvent event, boolean isOver) {}

  private Multi<OutboundSseEvent> stream(Sse sse, Caller caller, String keyHash, UUID toolbox) {
    var account = caller.role() == Caller.Role.OPERATOR ? null : caller.accountId();
    var first =
        toolbox == null
            ? Multi.createFrom().<Change>empty()
            : Multi.createFrom().item(new Change(account, toolbox, null));
    // Merged, not one after the other: what changes while the first document is read counts too.
    var changed =
        Multi.createBy()
            .merging()
            .streams(changes.stream(), first)
            .filter(change -> change.concerns(account, toolbox))
            .onItem()
            .transformToUniAndConcatenate(change -> event(sse, caller, change))
            .map(event -> new Told(event, false));
    return Multi.createBy()
        .merging()
        .streams(changed, looks(sse, caller, keyHash))
        .select()
        .first(told -> !told.isOver())
        .filter(told -> told.event() != null)
        .map(Told::event);
  }

  /** A stream ends with its key; while the database is away nobody can say, and it goes on. */
  private Multi<Told> looks(Sse sse, Caller caller, String keyHash) {
    return Multi.createFrom()
        .ticks()
        .every(LOOK)
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(
            n ->
                Uni.createFrom()
                    .completionStage(() -> contexts.run(() -> keys.findByHash(keyHash)))
                    .onFailure()
                    .recoverWithItem(Optional.of(caller))
                    .map(found -> new Told(sign(sse, n), !found.equals(Optional.of(caller)))));
  }

  private static OutboundSseEvent sign(Sse sse, long look) {
    return look % LOOKS_A_SIGN == 0 ? sse.newEventBuilder().comment("alive").build() : null;
  }

  /** A change is told on a thread of its own; reading the document needs a Vert.x context. */
  private Uni<OutboundSseEvent> event(Sse sse, Caller caller, Change change) {
    if (change.isEverything()) {
      return Uni.createFrom().item(sse.newEventBuilder().name("resync").data("{}").build());
    }
    return Uni.createFrom()
        .completionStage(() -> contexts.run(() -> document(caller, change)))
        .map(
            document ->
                sse.newEventBuilder()
                    .name(change.toolId() == null ? "toolbox" : "tool")
                    .data(write(document))
                    .build());
  }

  private Uni<Object> document(Caller caller, Change change) {
    var toolboxId = change.toolboxId().toString();
    return change.toolId() == null
        ? toolboxes.get(caller, toolboxId).map(d -> d)
        : tools.get(caller, toolboxId, change.toolId().toString()).map(d -> d);
  }

  private String write(Object document) {
    try {
      return json.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write an event as JSON", e);
    }
  }
}
