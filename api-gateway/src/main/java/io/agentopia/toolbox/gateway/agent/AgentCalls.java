package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.toolbox.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.runtime.security.AgentKeys.InboundKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Iterator;

/** Calls from here into an agent, with the key derived for its toolbox and generation. */
@ApplicationScoped
public class AgentCalls {
  private static final long PATIENCE_MILLIS = 3000;
  private final WebClient http;
  private final AgentKeys keys;

  @Inject
  public AgentCalls(Vertx vertx, AgentKeys keys) {
    this.http = WebClient.create(vertx);
    this.keys = keys;
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
    return ask(view, "/status", keys.inboundKeys(view.id, view.generation).iterator())
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

  /**
   * While keys are rotated an agent may know the next one later than we do, or the last one only.
   */
  private Uni<HttpResponse<Buffer>> ask(
      ToolboxView view, String path, Iterator<InboundKey> untried) {
    return http.get(view.agentPort, view.ipv4, path)
        .bearerTokenAuthentication(untried.next().key())
        .timeout(PATIENCE_MILLIS)
        .send()
        .flatMap(
            response ->
                response.statusCode() == 401 && untried.hasNext()
                    ? ask(view, path, untried)
                    : Uni.createFrom().item(response));
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
