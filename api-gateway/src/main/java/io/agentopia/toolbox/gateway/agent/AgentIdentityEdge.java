package io.agentopia.toolbox.gateway.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.gateway.audit.Refusal;
import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/** How an agent gets its credentials, and gets them again; docs/agent-protocol.md. */
@Cancellable(false)
@Path("/agent/v1")
@Produces("application/json")
@Tag(name = "Agents", description = "For the agents on the droplets; see docs/agent-protocol.md.")
public class AgentIdentityEdge {
  private static final Logger LOG = Logger.getLogger(AgentIdentityEdge.class);

  @Inject InternalServices upstream;
  @Inject AgentGate gate;
  @Inject AgentTokens tokens;
  @Inject AgentKeys keys;
  @Inject RefusedCredentials refused;
  @Inject GatewayConfig config;
  @Context HttpServerRequest request;

  @POST
  @Path("/boot")
  @Operation(summary = "A boot stage, phoned home before the agent runs")
  public Uni<Response> boot(@HeaderParam("Authorization") String authorization, byte[] body) {
    return upstream
        .boot(withToken(authorization, AgentWords.boot(body)))
        .invoke(this::audit)
        .map(AgentIdentityEdge::passedOn);
  }

  @POST
  @Path("/join")
  @Operation(summary = "Swaps a join token for credentials")
  public Uni<Response> join(@HeaderParam("Authorization") String authorization, byte[] body) {
    return upstream
        .join(withToken(authorization, AgentWords.join(body)))
        .invoke(this::audit)
        .map(answer -> answer.status() == 200 ? joined(read(answer.body())) : passedOn(answer));
  }

  @POST
  @Path("/token")
  @Operation(summary = "A new token for an agent that was away for longer than its token lived")
  public Uni<Map<String, Object>> renew(
      @HeaderParam("Authorization") String authorization, byte[] body) {
    return gate.admitForRenewal(authorization, AgentWords.proof(body), request)
        .map(
            who -> {
              LOG.infof(
                  "agent token renewed after an absence: toolboxId=%s generation=%d",
                  who.agent().toolboxId(), who.agent().generation());
              return credentials(who.agent());
            });
  }

  private void audit(InternalServices.Answer answer) {
    if (answer.refused() != null) {
      refused.add(
          new Refusal(
              "join_token",
              answer.refused().reason(),
              answer.refused().toolboxId(),
              answer.refused().generation(),
              RefusedCredentials.address(request)));
    }
  }

  private static Map<String, Object> withToken(String authorization, Map<String, Object> said) {
    var forwarded = new HashMap<>(said);
    forwarded.put("joinToken", AgentGate.bearer(authorization));
    return forwarded;
  }

  private Response joined(JsonNode joined) {
    var agent =
        new Agent(
            UUID.fromString(joined.get("toolboxId").asText()),
            joined.get("accountId").asText(),
            joined.get("generation").asLong());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("toolboxId", agent.toolboxId());
    answer.put("accountId", agent.accountId());
    answer.put("generation", agent.generation());
    answer.putAll(credentials(agent));
    answer.put("heartbeatSeconds", config.heartbeatEvery().toSeconds());
    LOG.infof("agent joined: toolboxId=%s generation=%d", agent.toolboxId(), agent.generation());
    return Response.ok(answer).build();
  }

  private Map<String, Object> credentials(Agent agent) {
    var token = tokens.mint(agent);
    var inbound = keys.inboundKeys(agent.toolboxId(), agent.generation());
    var credentials = new LinkedHashMap<String, Object>();
    credentials.put("agentToken", token.text());
    credentials.put("agentTokenExpiresAt", token.expiresAt());
    credentials.put("inboundKey", inbound.getFirst().key());
    credentials.put("inboundKeys", inbound);
    return credentials;
  }

  static Response passedOn(InternalServices.Answer answer) {
    var type = answer.status() < 400 ? "application/json" : Problem.MEDIA_TYPE;
    var response = Response.status(answer.status());
    if (answer.status() == 503) {
      response.header("Retry-After", "2");
    }
    return answer.body().isBlank()
        ? response.build()
        : response.type(type).entity(answer.body()).build();
  }

  private static JsonNode read(String json) {
    try {
      return EventCodec.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the provisioner's answer is no JSON", e);
    }
  }
}
