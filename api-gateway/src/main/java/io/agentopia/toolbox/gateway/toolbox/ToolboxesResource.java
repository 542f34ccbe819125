package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.agent.AgentCalls;
import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.gateway.internal.Catalogs;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Toolboxes over HTTP. */
@Cancellable(false)
@Path("/v1")
@Produces("application/json")
@Consumes("application/json")
@Tag(name = "Toolboxes")
public class ToolboxesResource {
  @Inject ToolboxCommands commands;
  @Inject ToolboxQueries queries;
  @Inject WaitingAsked waiting;
  @Inject Catalogs catalogs;
  @Inject InternalServices upstream;
  @Inject AgentCalls agents;
  @Inject CurrentCaller caller;

  @POST
  @Path("/toolboxes")
  @Operation(
      summary = "Ask for a toolbox",
      description =
          "Provisioning goes on after the answer; look at Location, or listen to its events.")
  @APIResponse(
      responseCode = "202",
      description = "Accepted; Location is where to look",
      content = @Content(schema = @Schema(implementation = ToolboxDocument.class)))
  @APIResponse(responseCode = "400", description = "A field is wrong; 'errors' names it")
  @APIResponse(
      responseCode = "409",
      description = "The name is taken, or the account has all the toolboxes it can have")
  @APIResponse(
      responseCode = "422",
      description = "The Idempotency-Key came with another body before")
  public Uni<Response> create(
      @Parameter(
              description =
                  "1 to 128 characters; the same key and body create one toolbox within 24 h")
          @HeaderParam("Idempotency-Key")
          String key,
      @HeaderParam("traceparent") String traceparent,
      ToolboxCommands.CreateToolbox wish) {
    return commands
        .create(caller.get(), required(wish), key, Trace.child(traceparent))
        .map(ToolboxesResource::accepted);
  }

  @GET
  @Path("/toolboxes")
  @Operation(summary = "The account's toolboxes, newest first")
  @APIResponse(
      responseCode = "200",
      description = "A page; nextCursor where there are more",
      content = @Content(schema = @Schema(implementation = ToolboxQueries.Page.class)))
  public Uni<ToolboxQueries.Page> list(
      @Parameter(description = "1 to 100") @QueryParam("limit") @DefaultValue("20") String limit,
      @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
      @Parameter(description = "only those with this status") @QueryParam("status") String status) {
    var most = Slice.limit(limit, 100, "toolboxes");
    return queries.page(caller.get(), status(status), most, cursor);
  }

  @GET
  @Path("/toolboxes/{id}")
  @Operation(summary = "One toolbox, with the newest 200 entries of its timeline, oldest first")
  @APIResponse(responseCode = "404", description = "There is none of that id in this account")
  @APIResponse(
      responseCode = "200",
      description = "The toolbox",
      content = @Content(schema = @Schema(implementation = ToolboxDocument.class)))
  public Uni<ToolboxDocument> get(@PathParam("id") String id) {
    return queries.get(caller.get(), id).flatMap(waiting::of);
  }

  @GET
  @Path("/toolboxes/{id}/timeline")
  @Operation(
      summary = "What has happened to a toolbox and its droplets, latest first",
      description = "timelineCursor of the toolbox goes on where its own timeline begins.")
  @APIResponse(responseCode = "404", description = "There is none of that id in this account")
  @APIResponse(
      responseCode = "200",
      description = "A page; nextCursor where there are more",
      content = @Content(schema = @Schema(implementation = ToolboxQueries.Timeline.class)))
  public Uni<ToolboxQueries.Timeline> timeline(
      @PathParam("id") String id,
      @Parameter(description = "1 to 200") @QueryParam("limit") @DefaultValue("50") String limit,
      @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
          String cursor) {
    var most = Slice.limit(limit, ToolboxQueries.MOST, "entries");
    return queries.timeline(caller.get(), id, most, cursor);
  }

  @GET
  @Path("/toolboxes/{id}/boot")
  @Operation(
      summary = "How far the droplet's boot has come",
      description = "Told by the cloud and by the droplet itself, before its agent has joined.")
  @APIResponse(responseCode = "404", description = "There is none of that id in this account")
  @APIResponse(
      responseCode = "200",
      description = "The latest stages in their order; nextCursor where there are earlier ones",
      content = @Content(schema = @Schema(implementation = BootTimeline.class)))
  public Uni<BootTimeline> boot(
      @PathParam("id") String id,
      @Parameter(description = "1 to 200") @QueryParam("limit") @DefaultValue("200") String limit,
      @Parameter(description = "nextCursor of the page before, for the stages before its own")
          @QueryParam("cursor")
          String cursor) {
    var most = Slice.limit(limit, ToolboxQueries.MOST, "stages");
    return queries.boot(caller.get(), id, most, cursor).flatMap(waiting::of);
  }

  @DELETE
  @Path("/toolboxes/{id}")
  @Operation(
      summary = "Delete a toolbox and its droplet",
      description = "Can be repeated. force gives up on a droplet that the cloud will not delete.")
  @APIResponse(
      responseCode = "202",
      description = "Accepted, or deleted already",
      content = @Content(schema = @Schema(implementation = ToolboxDocument.class)))
  public Uni<Response> delete(
      @PathParam("id") String id,
      @QueryParam("force") @DefaultValue("false") boolean force,
      @HeaderParam("traceparent") String traceparent) {
    return commands
        .delete(caller.get(), id, force, Trace.child(traceparent))
        .flatMap(x -> queries.get(caller.get(), id))
        .map(ToolboxesResource::accepted);
  }

  @POST
  @Path("/toolboxes/{id}/recreate")
  @Consumes("*/*")
  @Operation(summary = "Replace the droplet by a new one")
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = ToolboxDocument.class)))
  @APIResponse(
      responseCode = "409",
      description = "The toolbox is being deleted, or was never accepted")
  public Uni<Response> recreate(
      @PathParam("id") String id, @HeaderParam("traceparent") String traceparent) {
    return commands
        .recreate(caller.get(), id, Trace.child(traceparent))
        .flatMap(x -> queries.get(caller.get(), id))
        .map(ToolboxesResource::accepted);
  }

  @GET
  @Path("/toolboxes/{id}/health")
  @Operation(summary = "Health in detail, as the health service knows it")
  @APIResponse(responseCode = "200", description = "As the health service tells it")
  @APIResponse(responseCode = "503", description = "The health service does not answer")
  public Uni<Response> health(@PathParam("id") String id) {
    return visible(id)
        .flatMap(view -> upstream.health(view.id))
        .map(
            answer ->
                answer.status() == 404
                    ? Response.ok(
                            "{\"toolboxId\":\""
                                + ToolboxQueries.uuid("toolbox", id)
                                + "\",\"status\":\"unknown\"}")
                        .build()
                    : Response.status(answer.status()).entity(answer.body()).build());
  }

  @GET
  @Path("/toolboxes/{id}/agent-status")
  @Operation(summary = "What the agent on the droplet says of itself (its GET /status)")
  @APIResponse(responseCode = "200", description = "As the agent tells it")
  @APIResponse(
      responseCode = "409",
      description = "The toolbox has no address yet, or its agent is not in touch")
  @APIResponse(responseCode = "502", description = "The agent does not answer")
  public Uni<Response> agentStatus(@PathParam("id") String id) {
    return visible(id).flatMap(agents::status).map(json -> Response.ok(json).build());
  }

  @GET
  @Path("/catalog")
  @Operation(
      summary = "The regions and sizes that can be had",
      description = "Memory in MiB, disk in GiB, price in US dollars a month.")
  @APIResponse(
      responseCode = "200",
      description = "As the cloud has it",
      content = @Content(schema = @Schema(implementation = Catalog.class)))
  public Uni<Catalog> catalog() {
    return catalogs
        .current()
        .map(c -> c.orElseThrow(() -> InternalServices.unavailable("provisioner").exception()));
  }

  private Uni<ToolboxView> visible(String id) {
    var asking = caller.get();
    return Panache.withSession(() -> queries.visible(asking, id));
  }

  private static Response accepted(ToolboxDocument toolbox) {
    return Response.accepted(toolbox).location(URI.create("/v1/toolboxes/" + toolbox.id())).build();
  }

  private static <T> T required(T body) {
    if (body == null) {
      throw Problem.invalid(
              "The request has no body.", List.of(new Rules.Violation("body", "is missing")))
          .exception();
    }
    return body;
  }

  private static String status(String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return ToolboxStatus.fromWire(text).wire();
    } catch (IllegalArgumentException e) {
      var allowed = Arrays.stream(ToolboxStatus.values()).map(ToolboxStatus::wire).toList();
      throw Problem.invalid(
              "The list of toolboxes was not read.",
              List.of(Rules.Violation.of("status", "must be one of " + allowed, text)))
          .exception();
    }
  }
}
