package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.account.Traffic;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Expired;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Foreign;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Reason;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Valid;
import io.agentopia.toolbox.gateway.audit.Refusal;
import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.UUID;

/** Which agents come in, and what those who do not are told. Every refusal is audited. */
@ApplicationScoped
public class AgentGate {
  private final AgentTokens tokens;
  private final AgentKeys keys;
  private final KnownToolboxes toolboxes;
  private final Traffic traffic;
  private final RefusedCredentials refused;

  @Inject
  AgentGate(
      AgentTokens tokens,
      AgentKeys keys,
      KnownToolboxes toolboxes,
      Traffic traffic,
      RefusedCredentials refused) {
    this.tokens = tokens;
    this.keys = keys;
    this.toolboxes = toolboxes;
    this.traffic = traffic;
    this.refused = refused;
  }

  /** Without its keys the gateway does not start, rather than refuse every agent. */
  void start(@Observes StartupEvent event) {
    tokens.requireKeys();
    keys.ids();
  }

  /**
   * @param view the toolbox as the read model knows it; null when its first events are still on
   *     their way
   */
  public record Admitted(Agent agent, ToolboxView view, boolean isDueForRenewal) {}

  public Uni<Admitted> admit(String authorization, HttpServerRequest request) {
    return switch (tokens.judge(bearer(authorization))) {
      case Valid(var agent, var isDue) -> admit(agent, isDue, request);
      case Expired(var agent, var isRenewable) ->
          refuse(agent, Reason.EXPIRED, request, isRenewable ? renewable(agent) : over(agent));
      case Foreign(var reason, var claimed) ->
          refuse(claimed, null, reason, request, Refusals.notOurs());
    };
  }

  /**
   * For an agent that was away for longer than its token lived: the token it has, and a proof that
   * it holds its inbound key as well. Either alone is worth nothing.
   */
  public Uni<Admitted> admitForRenewal(
      String authorization, String proof, HttpServerRequest request) {
    var token = bearer(authorization);
    return switch (tokens.judge(token)) {
      case Valid(var agent, var _) -> prove(agent, token, proof, request);
      case Expired(var agent, var isRenewable) ->
          isRenewable
              ? prove(agent, token, proof, request)
              : refuse(agent, Reason.EXPIRED, request, over(agent));
      case Foreign(var reason, var claimed) ->
          refuse(claimed, null, reason, request, Refusals.notOurs());
    };
  }

  private Uni<Admitted> prove(Agent agent, String token, String proof, HttpServerRequest request) {
    return keys.proves(agent.toolboxId(), agent.generation(), token, proof)
        ? admit(agent, true, request)
        : refuse(agent, Reason.PROOF, request, Refusals.notProven(agent));
  }

  private Uni<Admitted> admit(Agent agent, boolean isDue, HttpServerRequest request) {
    traffic.agentCall(agent.toolboxId());
    return toolboxes
        .find(agent.toolboxId())
        .flatMap(
            view -> {
              if (view != null && view.status.equals("deprovisioned")) {
                return Uni.createFrom().failure(Refusals.deleted(view.id).exception());
              }
              return view != null && agent.generation() < view.generation
                  ? refuse(agent, Reason.REPLACED, request, Refusals.replaced(agent))
                  : Uni.createFrom().item(new Admitted(agent, view, isDue));
            });
  }

  private static Problem renewable(Agent agent) {
    return Refusals.expired(agent, "Renew it with POST /agent/v1/token, as current agents do.");
  }

  private static Problem over(Agent agent) {
    return Refusals.expired(
        agent, "It was away for too long to be let in again: recreate the toolbox.");
  }

  private Uni<Admitted> refuse(
      Agent agent, Reason reason, HttpServerRequest request, Problem problem) {
    return refuse(agent.toolboxId(), agent.generation(), reason, request, problem);
  }

  private Uni<Admitted> refuse(
      UUID toolboxId, Long generation, Reason reason, HttpServerRequest request, Problem problem) {
    refused.add(
        new Refusal(
            "agent_token",
            reason.name().toLowerCase(Locale.ROOT),
            toolboxId,
            generation,
            RefusedCredentials.address(request)));
    return Uni.createFrom().failure(problem.exception());
  }

  static String bearer(String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        ? authorization.substring(7).strip()
        : "";
  }
}
