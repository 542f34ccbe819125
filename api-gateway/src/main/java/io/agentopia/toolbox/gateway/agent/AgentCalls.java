package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.toolbox.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Calls from here into an agent, with the key derived for its toolbox and generation. */
@ApplicationScoped
public class AgentCalls {
  private static final long PATIENCE_MILLIS = 3000;
  private final WebClient http;
  private final AgentKeys keys;

  @Inject
  public AgentCalls(Vertx vertx, GatewayConfig config) {
    this.http = WebClient.create(vertx);
    this.keys = new AgentKeys(config.backendToDtmaApiKey());
  }

  /** The agent's GET /status, as JSON text. */
  public Uni<String> status(ToolboxView view) {
    if (view.ipv4 == null || view.agentPort == null) {
      throw Problem.of(
              409,
              "no_address",
              "The toolbox has no address yet",
              "Toolbox " + view.id + " is " + view.status + ".",
              "Wait until it is active.")
          .exception();
    }
    return http.get(view.agentPort, view.ipv4, "/status")
        .bearerTokenAuthentication(keys.inboundKey(view.id, view.generation))
        .timeout(PATIENCE_MILLIS)
        .send()
        .map(
            response -> {
              if (response.statusCode() != 200) {
                throw silent(view, "it answered with HTTP " + response.statusCode());
              }
              return response.bodyAsString();
            })
        .onFailure(e -> !(e instanceof io.agentopia.toolbox.runtime.http.ProblemException))
        .transform(e -> silent(view, "no answer within " + PATIENCE_MILLIS / 1000 + " s"));
  }

  private static RuntimeException silent(ToolboxView view, String found) {
    return Problem.of(
            502,
            "agent_unreachable",
            "The agent does not answer",
            "Asking the agent of toolbox "
                + view.id
                + " at "
                + view.ipv4
                + ":"
                + view.agentPort
                + " failed: "
                + found
                + ".",
            "Its heartbeats may still arrive: look at the toolbox's health.")
        .exception();
  }
}
