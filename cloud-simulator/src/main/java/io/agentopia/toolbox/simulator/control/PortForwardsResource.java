package io.agentopia.toolbox.simulator.control;

import io.agentopia.toolbox.simulator.container.PortForwards;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** What container droplets reach on this computer, and the switch that makes it fail. */
@Path("/control/doors")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PortForwardsResource {
  @Inject PortForwards doors;

  /**
   * @param status 400 to 599: answered to every request; 0: all is passed on
   */
  public record Answer(int status) {}

  @GET
  public List<PortForwards.View> all() {
    return doors.all();
  }

  @PUT
  @Path("/{name}")
  public Response answer(@PathParam("name") String name, Answer answer) {
    if (answer == null
        || answer.status() != 0 && (answer.status() < 400 || answer.status() > 599)) {
      return Problem.of(
              400,
              "The request is not valid",
              "Door " + name + " was not changed: status is neither 0 nor 400 to 599.",
              "Send {\"status\": 429}, or {\"status\": 0} to pass everything on again.")
          .answer();
    }
    return doors
        .answer(name, answer.status())
        .map(view -> Response.ok(view).build())
        .orElseGet(
            () ->
                Problem.of(
                        404,
                        "No such door",
                        "There is no door " + name + " here.",
                        "List all with GET /control/doors.")
                    .answer());
  }
}
