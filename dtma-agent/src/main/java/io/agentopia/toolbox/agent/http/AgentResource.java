package io.agentopia.toolbox.agent.http;

import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Map;

/** What the control plane may call. All of it makes things faster; nothing rests on it. */
@Path("/")
@KeyRequired
public class AgentResource {
  private static final int DEFAULT_TAIL = 100;
  private static final int MAX_TAIL = 2_000;
  private static final int MAX_LOG_BYTES = 512 * 1024;

  private final Agent agent;
  private final Clock clock;

  public AgentResource(Agent agent, Clock clock) {
    this.agent = agent;
    this.clock = clock;
  }

  @GET
  @Path("status")
  @Blocking
  @Produces(MediaType.APPLICATION_JSON)
  public StatusDocument status() {
    return StatusDocument.of(agent, agent.identity().orElseThrow(), clock.instant());
  }

  @POST
  @Path("wake")
  @Blocking
  @Produces(MediaType.APPLICATION_JSON)
  public Response wake() {
    agent.wake();
    return Response.accepted(Map.of("status", "accepted")).build();
  }

  @POST
  @Path("restart")
  @Blocking
  @Produces(MediaType.APPLICATION_JSON)
  public Response restart() {
    agent.restart("asked by the control plane");
    return Response.accepted(Map.of("status", "accepted")).build();
  }

  @GET
  @Path("metrics")
  @Blocking
  @Produces(PrometheusText.MEDIA_TYPE)
  public String metrics() {
    return PrometheusText.of(agent);
  }

  @GET
  @Path("tools/{name}/logs")
  @Blocking
  @Produces({MediaType.TEXT_PLAIN, Problem.MEDIA_TYPE})
  public Response logs(@PathParam("name") String name, @QueryParam("tail") String tail) {
    var lines = lines(tail);
    if (lines < 1 || lines > MAX_TAIL) {
      return Problem.response(
          400,
          "invalid_request",
          "The request is not valid",
          "Reading the log of tool '" + name + "': tail is '" + tail + "'.",
          "Send tail as a number from 1 to " + MAX_TAIL + ", or leave it out.");
    }
    var tool = agent.tools().tools().stream().filter(t -> name.equals(t.name())).findFirst();
    return tool.filter(t -> t.containerId() != null)
        .map(t -> log(t, lines))
        .orElseGet(() -> noContainer(name));
  }

  private Response log(ToolView tool, int lines) {
    try {
      var text = agent.docker().logTail(tool.containerId(), lines, MAX_LOG_BYTES);
      return Response.ok(text, "text/plain; charset=utf-8").build();
    } catch (DockerUnavailable e) {
      return Problem.response(
          503,
          "docker_unavailable",
          "Docker does not answer",
          "Reading the log of tool '" + tool.name() + "': " + e.getMessage(),
          "Try again; if it stays so, look at the Docker service on the droplet.");
    } catch (DockerRefusal e) {
      return noContainer(tool.name());
    }
  }

  private static Response noContainer(String name) {
    return Problem.response(
        404,
        "not_found",
        "Not found",
        "There is no container of a tool '" + name + "' on this droplet.",
        "GET /status lists the tools.");
  }

  private static int lines(String tail) {
    try {
      return tail == null ? DEFAULT_TAIL : Integer.parseInt(tail);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
