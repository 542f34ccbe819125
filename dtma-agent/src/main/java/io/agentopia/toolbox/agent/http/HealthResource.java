package io.agentopia.toolbox.agent.http;

import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Open to everyone, so it tells nothing but up or down. A silent control plane is no reason to be
 * down: starting the agent again would not bring it back.
 */
@Path("/health")
public class HealthResource {
  private static final String UP = "UP";
  private static final String DOWN = "DOWN";
  private final Agent agent;

  public HealthResource(Agent agent) {
    this.agent = agent;
  }

  @GET
  @NonBlocking
  @Produces(MediaType.APPLICATION_JSON)
  public Response health() {
    var checks = new LinkedHashMap<String, String>();
    checks.put("joined", agent.identity().isPresent() ? UP : DOWN);
    checks.put("docker", agent.engineFacts().reachable() ? UP : DOWN);
    return checks.containsValue(DOWN)
        ? Response.status(503).entity(Map.of("status", DOWN, "checks", checks)).build()
        : Response.ok(Map.of("status", UP)).build();
  }
}
