package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.InvalidEventException;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.http.Lines;
import io.agentopia.toolbox.gateway.http.NeverShown;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.agentopia.toolbox.runtime.trace.Trace;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Tools over HTTP. */
@Cancellable(false)
@Path("/v1/toolboxes/{toolboxId}/tools")
@Produces("application/json")
@Consumes("application/json")
@Tag(name = "Tools")
public class ToolsResource {
  @Inject Tools tools;
  @Inject CurrentCaller caller;

  @Schema(name = "Tools")
  public record Items(List<ToolDocument> items, String nextCursor) {}

  @Schema(name = "ToolRequest")
  public record Body(
      @Schema(
              description = "1 to 40 lower-case letters, digits or '-'",
              examples = "search",
              required = true)
          String name,
      @Schema(
              description = "image reference",
              examples = "docker.io/library/nginx:1.29",
              required = true)
          String image,
      @Lines @Schema(description = "replaces the image's own command") List<String> command,
      @Lines @NeverShown @Schema(description = "plain configuration; no secrets")
          Map<String, String> environment,
      List<ToolSpec.Port> ports,
      @Schema(
              description = "MiB, default 256; at most what the toolbox's size has",
              minimum = "16",
              maximum = "65536")
          Integer memoryMb,
      @Schema(
              description = "cores, default 0.5; at most what the toolbox's size has",
              minimum = "0.05",
              maximum = "64")
          Double cpus,
      Boolean readOnlyRoot) {

    /** Of a form, which asks for less. */
    public static Body ofForm(
        String name,
        String image,
        List<String> command,
        Map<String, String> environment,
        List<ToolSpec.Port> ports) {
      return new Body(name, image, command, environment, ports, null, null, null);
    }

    public Tools.DeployTool asked() {
      refuseZeroes();
      try {
        var spec =
            new ToolSpec(
                image,
                command,
                environment,
                ports,
                memoryMb == null ? 0 : memoryMb,
                cpus == null ? 0 : cpus,
                readOnlyRoot != null && readOnlyRoot);
        return new Tools.DeployTool(name, spec);
      } catch (InvalidEventException e) {
        throw Problem.invalid(
                "The tool was not deployed.",
                List.of(new Rules.Violation(e.field(), e.getMessage())))
            .exception();
      }
    }

    /** In an event zero stands for the default; nobody who asks for nothing means that. */
    private void refuseZeroes() {
      var found = new ArrayList<Rules.Violation>();
      if (memoryMb != null && memoryMb == 0) {
        found.add(Rules.Violation.of("memoryMb", "must be between 16 and 65536", memoryMb));
      }
      if (cpus != null && cpus == 0) {
        found.add(Rules.Violation.of("cpus", "must be between 0.05 and 64", cpus));
      }
      if (!found.isEmpty()) {
        throw Problem.invalid("The tool was not deployed.", found).exception();
      }
    }
  }

  @POST
  @Operation(
      summary = "Deploy a tool",
      description = "Asked for before the toolbox is healthy, it waits.")
  @APIResponse(
      responseCode = "202",
      description = "Accepted; Location is where to look",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  @APIResponse(responseCode = "400", description = "A field is wrong; 'errors' names it")
  @APIResponse(
      responseCode = "409",
      description = "The name or a host port is taken, or the toolbox is being deleted")
  @APIResponse(
      responseCode = "422",
      description = "The Idempotency-Key came with another body before")
  public Uni<Response> deploy(
      @PathParam("toolboxId") String toolboxId,
      @Parameter(description = "1 to 128 characters") @HeaderParam("Idempotency-Key") String key,
      @HeaderParam("traceparent") String traceparent,
      Body body) {
    if (body == null) {
      throw Problem.invalid(
              "The request has no body.", List.of(new Rules.Violation("body", "is missing")))
          .exception();
    }
    return tools
        .deploy(caller.get(), toolboxId, body.asked(), key, Trace.child(traceparent))
        .map(ToolsResource::accepted);
  }

  @GET
  @Operation(summary = "The toolbox's tools, oldest first")
  @APIResponse(
      responseCode = "200",
      description = "All that are there, 50 at most; nextCursor where more were removed",
      content = @Content(schema = @Schema(implementation = Items.class)))
  public Uni<Items> list(
      @PathParam("toolboxId") String toolboxId,
      @Parameter(description = "true: behind them those that were removed, last ones first")
          @QueryParam("removed")
          @DefaultValue("false")
          boolean removed,
      @Parameter(description = "1 to 100: so many of the removed ones")
          @QueryParam("limit")
          @DefaultValue("100")
          String limit,
      @Parameter(description = "nextCursor of the page before; only removed ones then")
          @QueryParam("cursor")
          String cursor) {
    var most = Slice.limit(limit, 100, "tools");
    return removed || cursor != null
        ? tools
            .listWithRemoved(caller.get(), toolboxId, most, cursor)
            .map(page -> new Items(page.items(), page.nextCursor()))
        : tools.list(caller.get(), toolboxId).map(found -> new Items(found, null));
  }

  @GET
  @Path("/{toolId}")
  @Operation(summary = "One tool")
  @APIResponse(
      responseCode = "200",
      description = "The tool",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  public Uni<ToolDocument> get(
      @PathParam("toolboxId") String toolboxId, @PathParam("toolId") String toolId) {
    return tools.get(caller.get(), toolboxId, toolId);
  }

  @DELETE
  @Path("/{toolId}")
  @Operation(summary = "Remove a tool and its container", description = "Can be repeated.")
  @APIResponse(
      responseCode = "409",
      description = "The tool is removed, or the toolbox is being deleted")
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  public Uni<Response> remove(
      @PathParam("toolboxId") String toolboxId,
      @PathParam("toolId") String toolId,
      @HeaderParam("traceparent") String traceparent) {
    return act(toolboxId, toolId, Tools.Verb.REMOVE, traceparent);
  }

  @POST
  @Path("/{toolId}/start")
  @Consumes("*/*")
  @Operation(summary = "Start a stopped tool")
  @APIResponse(
      responseCode = "409",
      description = "The tool is removed, or the toolbox is being deleted")
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  public Uni<Response> start(
      @PathParam("toolboxId") String toolboxId,
      @PathParam("toolId") String toolId,
      @HeaderParam("traceparent") String traceparent) {
    return act(toolboxId, toolId, Tools.Verb.START, traceparent);
  }

  @POST
  @Path("/{toolId}/stop")
  @Consumes("*/*")
  @Operation(summary = "Stop a tool; it stays stopped")
  @APIResponse(
      responseCode = "409",
      description = "The tool is removed, or the toolbox is being deleted")
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  public Uni<Response> stop(
      @PathParam("toolboxId") String toolboxId,
      @PathParam("toolId") String toolId,
      @HeaderParam("traceparent") String traceparent) {
    return act(toolboxId, toolId, Tools.Verb.STOP, traceparent);
  }

  @POST
  @Path("/{toolId}/restart")
  @Consumes("*/*")
  @Operation(summary = "Restart a tool once")
  @APIResponse(
      responseCode = "409",
      description = "The tool is removed, or the toolbox is being deleted")
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = ToolDocument.class)))
  public Uni<Response> restart(
      @PathParam("toolboxId") String toolboxId,
      @PathParam("toolId") String toolId,
      @HeaderParam("traceparent") String traceparent) {
    return act(toolboxId, toolId, Tools.Verb.RESTART, traceparent);
  }

  private Uni<Response> act(String toolboxId, String toolId, Tools.Verb verb, String traceparent) {
    return tools
        .act(caller.get(), toolboxId, toolId, verb, Trace.child(traceparent))
        .map(ToolsResource::accepted);
  }

  private static Response accepted(ToolDocument tool) {
    return Response.accepted(tool)
        .location(URI.create("/v1/toolboxes/" + tool.toolboxId() + "/tools/" + tool.id()))
        .build();
  }
}
