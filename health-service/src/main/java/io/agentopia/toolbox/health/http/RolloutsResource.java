package io.agentopia.toolbox.health.http;

import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.rollout.RolloutRequest;
import io.agentopia.toolbox.health.watch.RolloutOrders;
import io.agentopia.toolbox.health.watch.RolloutOrders.Action;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.Cancellable;

/**
 * Rollouts of the agent's image, for the gateway, which has seen to it that an operator asks and
 * says which ({@code by}). Bodies are read as they come, so that all that is wrong is told at once.
 */
@Cancellable(false)
@Path("/internal/agent-rollouts")
@Produces("application/json")
@Consumes("application/json")
public class RolloutsResource {
  public record Page(List<RolloutDocument> items, String nextCursor) {}

  @Inject RolloutOrders orders;
  @Inject RolloutReader reader;
  @Inject HealthConfig config;

  @POST
  public Uni<Response> start(@QueryParam("by") String by, Map<String, Object> body) {
    var read = RolloutRequest.read(body == null ? Map.of() : body, config.repositories());
    var found = new ArrayList<>(read.violations());
    requireBy(found, by);
    refuseIf("The rollout was not started.", found);
    return orders
        .start(read.wish(), by)
        .flatMap(this::document)
        .map(document -> Response.status(201).entity(document).build());
  }

  @GET
  public Uni<Page> list(
      @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("cursor") String cursor) {
    var most = Slice.limit(limit, 100, "rollouts");
    return reader
        .newest(most, Cursor.byId(cursor, "rollouts"))
        .map(page -> new Page(page.items(), page.nextCursor()));
  }

  @GET
  @Path("/{id}")
  public Uni<RolloutDocument> get(@PathParam("id") String id) {
    return document(id(id));
  }

  @POST
  @Path("/{id}/{action: halt|resume|rollback}")
  public Uni<RolloutDocument> act(
      @PathParam("id") String id,
      @PathParam("action") String action,
      @QueryParam("by") String by,
      Map<String, Object> body) {
    var known = id(id);
    var found = new ArrayList<Violation>();
    var why = RolloutRequest.reason(found, body == null ? null : body.get("reason"), true);
    requireBy(found, by);
    refuseIf("The rollout was not touched.", found);
    return orders
        .act(known, Action.valueOf(action.toUpperCase(Locale.ROOT)), why, by)
        .flatMap(x -> document(known));
  }

  private Uni<RolloutDocument> document(UUID id) {
    return reader.one(id).map(found -> found.orElseThrow(() -> unknown(id.toString())));
  }

  private static UUID id(String text) {
    return Optional.of(text)
        .filter(t -> t.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"))
        .map(UUID::fromString)
        .orElseThrow(() -> unknown(text));
  }

  private static RuntimeException unknown(String id) {
    return RolloutOrders.unknown(id).exception();
  }

  private static void requireBy(List<Violation> found, String by) {
    if (by == null || by.isBlank()) {
      found.add(new Violation("by", "must say who asks"));
    }
  }

  private static void refuseIf(String what, List<Violation> found) {
    if (!found.isEmpty()) {
      throw Problem.invalid(what, found).exception();
    }
  }
}
