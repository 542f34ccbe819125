package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.droplet.Action;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.droplet.Outcome;
import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Actions on droplets, and all actions of the account. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class DropletActionsResource {
  @Inject Fleet fleet;
  @Inject SimulatorConfig config;

  private record Of(Droplet droplet, Action action) {
    ActionView view() {
      return ActionView.of(droplet, action);
    }
  }

  @POST
  @Path("/droplets/{id}/actions")
  public Response act(@PathParam("id") String id, byte[] bytes) {
    var droplet = Finding.droplet(fleet, id);
    return created(Map.of("action", start(droplet, request(RequestBody.of(bytes)))));
  }

  @POST
  @Path("/droplets/actions")
  public Response actByTag(@QueryParam("tag_name") String tag, byte[] bytes) {
    var request = request(RequestBody.of(bytes));
    var tagged = fleet.living().stream().filter(d -> tag != null && d.hasTag(tag)).toList();
    return created(Map.of("actions", tagged.stream().map(d -> start(d, request)).toList()));
  }

  private static Response created(Object entity) {
    return Response.status(201).entity(entity).build();
  }

  private ActionView start(Droplet droplet, Request request) {
    var actionId = fleet.nextId();
    var fact = new Fact.ActionRequested(actionId, request, config.delays().actionAfter());
    return switch (fleet.tell(droplet.id(), fact)) {
      case Outcome.Changed(var changed, var _) ->
          ActionView.of(changed, changed.action(actionId).orElseThrow());
      case Outcome.Refused(var message) -> throw ApiError.unprocessable(message);
      case Outcome.Unchanged() -> throw ApiError.notFound();
    };
  }

  private static Request request(RequestBody body) {
    var type = String.valueOf(body.text("type"));
    return switch (type) {
      case "power_on" -> new Request.PowerOn();
      case "power_off" -> new Request.PowerOff();
      case "shutdown" -> new Request.Shutdown();
      case "reboot" -> new Request.Reboot();
      case "power_cycle" -> new Request.PowerCycle();
      case "enable_backups" -> new Request.EnableBackups();
      case "disable_backups" -> new Request.DisableBackups();
      case "enable_ipv6" -> new Request.EnableIpv6();
      case "password_reset" -> new Request.PasswordReset();
      case "rename" -> new Request.Rename(name(body));
      case "resize" -> new Request.Resize(size(body));
      case "rebuild" -> new Request.Rebuild(image(body));
      case "snapshot", "restore", "change_kernel", "change_backup_policy" ->
          throw ApiError.unprocessable("The simulator does not offer the action " + type + ".");
      default -> throw ApiError.unprocessable("No valid action was specified.");
    };
  }

  private static String name(RequestBody body) {
    CreateRules.checkName(body.text("name"));
    return body.text("name");
  }

  private static String size(RequestBody body) {
    return Catalog.size(body.text("size"))
        .orElseThrow(() -> ApiError.unprocessable("You specified an invalid size."))
        .slug();
  }

  private static long image(RequestBody body) {
    return Catalog.image(String.valueOf(body.text("image")))
        .orElseThrow(() -> ApiError.unprocessable("You specified an invalid image."))
        .id();
  }

  @GET
  @Path("/droplets/{id}/actions")
  public Map<String, Object> ofDroplet(UriInfo uri, @PathParam("id") String id) {
    var droplet = Finding.droplet(fleet, id);
    return new Page(uri).of("actions", newestFirst(List.of(droplet)), Of::view);
  }

  @GET
  @Path("/droplets/{id}/actions/{action}")
  public Map<String, Object> ofDroplet(
      @PathParam("id") String id, @PathParam("action") String action) {
    var droplet = Finding.droplet(fleet, id);
    var found = droplet.action(Finding.number(action)).orElseThrow(ApiError::notFound);
    return Map.of("action", ActionView.of(droplet, found));
  }

  /** Also those of droplets that are no more. */
  @GET
  @Path("/actions")
  public Map<String, Object> all(UriInfo uri) {
    return new Page(uri).of("actions", newestFirst(fleet.ever()), Of::view);
  }

  @GET
  @Path("/actions/{action}")
  public Map<String, Object> one(@PathParam("action") String action) {
    var id = Finding.number(action);
    return newestFirst(fleet.ever()).stream()
        .filter(o -> o.action().id() == id)
        .findFirst()
        .map(o -> Map.<String, Object>of("action", o.view()))
        .orElseThrow(ApiError::notFound);
  }

  private static List<Of> newestFirst(List<Droplet> droplets) {
    return droplets.stream()
        .flatMap(d -> d.actions().stream().map(a -> new Of(d, a)))
        .sorted(Comparator.comparingLong((Of o) -> o.action().id()).reversed())
        .toList();
  }
}
