package io.agentopia.toolbox.gateway.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.agent.AgentAddress;
import io.agentopia.toolbox.runtime.agent.AgentCallFailed;
import io.agentopia.toolbox.runtime.agent.AgentClient;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** Calls from here into the agent of a toolbox's present droplet, while it is in touch. */
@ApplicationScoped
public class AgentCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final String SILENT = "heartbeat_missing";
  private final AgentClient agents;

  @Inject
  public AgentCalls(AgentClient agents) {
    this.agents = agents;
  }

  /** The agent's GET /status. */
  public Uni<JsonNode> status(ToolboxView view) {
    if (view.ipv4 == null || view.agentPort == null) {
      throw Problem.of(
              409,
              "no_address",
              "The toolbox has no address yet",
              "Toolbox " + view.id + " is " + view.status + ".",
              "Wait until it is active.")
          .exception();
    }
    if (!isInTouch(view)) {
      throw Problem.of(
              409,
              "agent_not_in_touch",
              "The agent is not in touch",
              "Toolbox "
                  + view.id
                  + " is "
                  + view.status
                  + " ("
                  + reason(view)
                  + "): at its address "
                  + view.ipv4
                  + " somebody else may answer by now, so nothing is asked there.",
              "Look at the toolbox's health and timeline; ask again when it is active.")
          .exception();
    }
    var address = new AgentAddress(view.id, view.generation, view.ipv4, view.agentPort);
    return agents
        .get(address, "/status", PATIENCE)
        .onFailure(AgentCallFailed.class)
        .transform(e -> silent(address, e.getMessage()));
  }

  /** Its droplet is there and its agent is heard: whatever else may be wrong with it. */
  private static boolean isInTouch(ToolboxView view) {
    var isHeard = !SILENT.equals(view.healthReason);
    if (ToolboxStatus.ACTIVE.wire().equals(view.status)) {
      return isHeard;
    }
    // Unresponsive without a verdict of its own: the cloud no longer has the droplet.
    return ToolboxStatus.UNRESPONSIVE.wire().equals(view.status)
        && "degraded".equals(view.healthStatus)
        && isHeard;
  }

  private static String reason(ToolboxView view) {
    return view.healthReason == null ? "its droplet is not known to run" : view.healthReason;
  }

  private static RuntimeException silent(AgentAddress agent, String found) {
    return Problem.of(
            502,
            "agent_unreachable",
            "The agent does not answer",
            "Asking the agent of toolbox "
                + agent.toolboxId()
                + " at "
                + agent
                + " failed: "
                + found
                + ".",
            "Its heartbeats may still arrive: look at the toolbox's health.")
        .exception();
  }
}
