package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.droplet.Outcome;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Droplets: made, listed, shown, deleted. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class DropletsResource {
  @Inject Fleet fleet;
  @Inject FaultBook faults;
  @Inject SimulatorConfig config;
  @Inject Clock clock;
  @Inject CurrentVertxRequest current;

  @GET
  @Path("/droplets")
  public Map<String, Object> list(
      UriInfo uri,
      @QueryParam("tag_name") String tag,
      @QueryParam("name") String name,
      @QueryParam("type") String type) {
    if (tag != null && (name != null || type != null)) {
      throw ApiError.badRequest("tag_name cannot be combined with name or type");
    }
    var now = clock.instant();
    var found =
        fleet.living().stream()
            .filter(d -> d.isListed(now) && !"gpus".equals(type))
            .filter(d -> tag == null || d.hasTag(tag))
            .filter(d -> name == null || d.spec().name().equalsIgnoreCase(name))
            .toList();
    return new Page(uri).of("droplets", found, DropletView::of);
  }

  @POST
  @Path("/droplets")
  public Response create(UriInfo uri, byte[] bytes) {
    var body = RequestBody.of(bytes);
    var rules = new CreateRules(body);
    var specs = rules.specs();
    var tags = rules.tags();
    var made =
        fleet
            .create(specs, tags, config.dropletLimit())
            .orElseThrow(
                () ->
                    ApiError.unprocessable(
                        "creating this/these droplet(s) will exceed your droplet limit"));
    made.forEach(d -> holdAnswer(d));
    var answer = new LinkedHashMap<String, Object>();
    if (body.has("names")) {
      answer.put("droplets", made.stream().map(DropletView::of).toList());
    } else {
      answer.put("droplet", DropletView.of(made.getFirst()));
    }
    answer.put("links", Map.of("actions", made.stream().map(d -> link(uri, d)).toList()));
    return Response.accepted(answer).build();
  }

  private void holdAnswer(Droplet droplet) {
    var target =
        Target.droplet(
            droplet.id(), droplet.spec().name(), droplet.tags(), droplet.spec().region());
    faults
        .strike(FaultKind.TIMEOUT_AFTER_CREATE, target)
        .ifPresent(f -> current.getCurrent().put(Gate.HOLD, f.delayMs()));
  }

  private static Map<String, Object> link(UriInfo uri, Droplet droplet) {
    var action = droplet.actions().getFirst();
    var href = uri.getBaseUriBuilder().path("v2/actions/" + action.id()).build().toString();
    return Map.of("id", action.id(), "rel", "create", "href", href);
  }

  @GET
  @Path("/droplets/{id}")
  public Map<String, Object> get(@PathParam("id") String id) {
    return Map.of("droplet", DropletView.of(Finding.droplet(fleet, id)));
  }

  @DELETE
  @Path("/droplets/{id}")
  public Response delete(@PathParam("id") String id) {
    var droplet = Finding.droplet(fleet, id);
    var takes = config.delays().deleteAfter();
    var outcome = fleet.tell(droplet.id(), new Fact.DeletionRequested(fleet.nextId(), takes));
    if (outcome instanceof Outcome.Refused(var message)) {
      throw ApiError.unprocessable(message);
    }
    return Response.noContent().build();
  }

  /** None are made yet. */
  @GET
  @Path("/droplets/{id}/snapshots")
  public Map<String, Object> snapshots(UriInfo uri, @PathParam("id") String id) {
    Finding.droplet(fleet, id);
    return new Page(uri).of("snapshots", List.of(), nothing -> nothing);
  }
}
