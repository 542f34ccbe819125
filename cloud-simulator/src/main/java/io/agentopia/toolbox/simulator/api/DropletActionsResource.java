package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Actions that turn droplets on and off. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class DropletActionsResource {
  @Inject Fleet fleet;
  @Inject SimulatorConfig config;

  @POST
  @Path("/droplets/{id}/actions")
  public Response act(@PathParam("id") String id, byte[] bytes) {
    var droplet = Finding.droplet(fleet, id);
    var action = start(droplet, request(RequestBody.of(bytes)));
    return Response.status(201).entity(Map.of("action", action)).build();
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
      case "enable_backups",
          "disable_backups",
          "change_backup_policy",
          "enable_ipv6",
          "password_reset",
          "rename",
          "resize",
          "rebuild",
          "snapshot",
          "restore",
          "change_kernel" ->
          throw ApiError.unprocessable("The simulator does not offer the action " + type + ".");
      default -> throw ApiError.unprocessable("No valid action was specified.");
    };
  }

  /** Also one of a droplet that is no more. */
  @GET
  @Path("/actions/{action}")
  public Map<String, Object> one(@PathParam("action") String action) {
    var id = Finding.number(action);
    return fleet.ever().stream()
        .flatMap(d -> d.action(id).map(a -> ActionView.of(d, a)).stream())
        .findFirst()
        .map(view -> Map.<String, Object>of("action", view))
        .orElseThrow(ApiError::notFound);
  }
}
