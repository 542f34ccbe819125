package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.runtime.http.Problem;
import java.util.UUID;

/** What an agent is told that is not let in. */
final class Refusals {
  private static final String TITLE = "Agent token not valid";

  private Refusals() {}

  static Problem notOurs() {
    return Problem.of(
        401,
        "agent_token_invalid",
        TITLE,
        "The token is missing, or was not signed with a key that is accepted now.",
        "Go on trying with back-off; if it stays so, recreate the toolbox.");
  }

  static Problem expired(Agent agent, String action) {
    return Problem.of(
        401,
        "agent_token_expired",
        TITLE,
        "The token of toolbox " + agent.toolboxId() + "'s agent has expired.",
        action);
  }

  static Problem notProven(Agent agent) {
    return Problem.of(
        401,
        "agent_proof_invalid",
        "Agent not proven",
        "The proof was not made with an inbound key of toolbox "
            + agent.toolboxId()
            + ", generation "
            + agent.generation()
            + ", that is accepted now.",
        "Recreate the toolbox.");
  }

  static Problem replaced(Agent agent) {
    return Problem.of(
        401,
        "agent_token_replaced",
        TITLE,
        "The token is of generation "
            + agent.generation()
            + " of toolbox "
            + agent.toolboxId()
            + ", whose droplet has been replaced.",
        "Nothing: this droplet is on its way out.");
  }

  static Problem deleted(UUID toolboxId) {
    return Problem.of(
        410,
        "toolbox_deleted",
        "The toolbox is deleted",
        "Toolbox " + toolboxId + " does not exist any more.",
        "Remove its tools and stop.");
  }
}
