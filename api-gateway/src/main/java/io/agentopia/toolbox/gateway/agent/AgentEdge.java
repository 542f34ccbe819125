package io.agentopia.toolbox.gateway.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.AgentEvent.ToolBeat;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.InvalidEventException;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.AgentTokens.Agent;
import io.agentopia.toolbox.gateway.toolbox.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.RecordProducer;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Where the droplets' agents come in: docs/agent-protocol.md is the contract. */
@Path("/agent/v1")
@Produces("application/json")
@Tag(name = "Agents", description = "For the agents on the droplets; see docs/agent-protocol.md.")
public class AgentEdge {
  private static final Logger LOG = Logger.getLogger(AgentEdge.class);
  private static final ObjectMapper JSON = EventCodec.mapper();

  /** A heartbeat's answer does not wait longer for the broker: the next beat says it again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  @Inject Upstream upstream;
  @Inject AgentTokens tokens;
  @Inject Outbox outbox;
  @Inject RecordProducer producer;
  @Inject GatewayConfig config;

  public record Heartbeat(
      long sequence,
      String agentVersion,
      String bootId,
      long uptimeSeconds,
      long appliedManifestGeneration,
      boolean dockerReachable,
      String dockerVersion,
      Metrics metrics,
      List<ToolBeat> tools) {}

  public record Report(long appliedManifestGeneration, Instant observedAt, List<ToolState> tools) {}

  @POST
  @Path("/boot")
  @Operation(summary = "A boot stage, phoned home before the agent runs")
  public Uni<Response> boot(
      @HeaderParam("Authorization") String authorization, Map<String, Object> body) {
    return upstream.boot(withToken(authorization, body)).map(AgentEdge::passedOn);
  }

  @POST
  @Path("/join")
  @Operation(summary = "Swaps a join token for credentials")
  public Uni<Response> join(
      @HeaderParam("Authorization") String authorization, Map<String, Object> body) {
    return upstream
        .join(withToken(authorization, body))
        .map(answer -> answer.status() == 200 ? joined(read(answer.body())) : passedOn(answer));
  }

  private static Map<String, Object> withToken(String authorization, Map<String, Object> body) {
    var forwarded = new HashMap<String, Object>(body == null ? Map.of() : body);
    forwarded.put(
        "joinToken",
        authorization != null && authorization.startsWith("Bearer ")
            ? authorization.substring(7)
            : "");
    return forwarded;
  }

  private Response joined(JsonNode joined) {
    var toolboxId = UUID.fromString(joined.get("toolboxId").asText());
    var accountId = joined.get("accountId").asText();
    var generation = joined.get("generation").asLong();
    var token = tokens.mint(toolboxId, accountId, generation);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("toolboxId", toolboxId);
    answer.put("accountId", accountId);
    answer.put("generation", generation);
    answer.put("agentToken", token.text());
    answer.put("agentTokenExpiresAt", token.expiresAt());
    answer.put(
        "inboundKey",
        new AgentKeys(config.backendToDtmaApiKey()).inboundKey(toolboxId, generation));
    answer.put("heartbeatSeconds", config.heartbeatEvery().toSeconds());
    LOG.infof("agent joined: toolboxId=%s generation=%d", toolboxId, generation);
    return Response.ok(answer).build();
  }

  @POST
  @Path("/heartbeat")
  @Operation(summary = "One beat; the answer carries the manifest's generation")
  public Uni<Map<String, Object>> heartbeat(
      @HeaderParam("Authorization") String authorization, Heartbeat beat) {
    var agent = tokens.verify(authorization);
    return current(agent)
        .call(view -> publishBeat(agent, required(beat)))
        .map(view -> answer(agent, view));
  }

  private Map<String, Object> answer(Agent agent, ToolboxView view) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("manifestGeneration", view == null ? 0 : view.manifestGeneration);
    answer.put("heartbeatSeconds", config.heartbeatEvery().toSeconds());
    answer.put("commands", List.of());
    if (tokens.isDueForRenewal(agent)) {
      var token = tokens.mint(agent.toolboxId(), agent.accountId(), agent.generation());
      answer.put("agentToken", token.text());
      answer.put("agentTokenExpiresAt", token.expiresAt());
    }
    return answer;
  }

  private Uni<Void> publishBeat(Agent agent, Heartbeat b) {
    var event =
        valid(
            () ->
                new AgentHeartbeat(
                    agent.toolboxId(),
                    agent.accountId(),
                    agent.generation(),
                    b.sequence(),
                    b.agentVersion(),
                    b.bootId(),
                    b.uptimeSeconds(),
                    b.appliedManifestGeneration(),
                    b.dockerReachable(),
                    b.dockerVersion(),
                    b.metrics(),
                    b.tools()));
    return publish(event)
        .ifNoItem()
        .after(LONGEST_WAIT)
        .fail()
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf(
                  "heartbeat not published: toolboxId=%s cause=%s",
                  agent.toolboxId(), e.toString());
              return null;
            });
  }

  @GET
  @Path("/manifest")
  @Operation(summary = "The tools that shall be on the droplet")
  public Uni<Response> manifest(@HeaderParam("Authorization") String authorization) {
    var agent = tokens.verify(authorization);
    return current(agent)
        .flatMap(view -> upstream.manifest(agent.toolboxId()))
        .map(answer -> answer.status() == 200 ? passedOn(answer) : unavailable());
  }

  @POST
  @Path("/report")
  @Operation(summary = "All tools of the droplet, when one of them changed")
  public Uni<Response> report(@HeaderParam("Authorization") String authorization, Report report) {
    var agent = tokens.verify(authorization);
    return current(agent)
        .flatMap(view -> publish(event(agent, required(report))))
        .map(x -> Response.accepted().build())
        .onFailure(e -> !(e instanceof io.agentopia.toolbox.runtime.http.ProblemException))
        .transform(e -> Upstream.unavailable("message broker").exception());
  }

  /** Sequence 0: agents do not number their reports, and observedAt orders them. */
  private static AgentReport event(Agent agent, Report report) {
    return valid(
        () ->
            new AgentReport(
                agent.toolboxId(),
                agent.accountId(),
                agent.generation(),
                0,
                report.appliedManifestGeneration(),
                report.observedAt(),
                report.tools()));
  }

  private Uni<Void> publish(AgentEvent event) {
    var wire = EventCodec.encode(outbox.envelope(event, null));
    return producer.sendAsync(wire.topic(), wire.key(), wire.headers(), wire.body());
  }

  /** The toolbox as the read model knows it; null when its first events are still on their way. */
  private static Uni<ToolboxView> current(Agent agent) {
    return Panache.withSession(
            () -> Panache.getSession().flatMap(s -> s.find(ToolboxView.class, agent.toolboxId())))
        .invoke(
            view -> {
              if (view == null) {
                return;
              }
              if (view.status.equals("deprovisioned")) {
                throw Problem.of(
                        410,
                        "toolbox_deleted",
                        "The toolbox is deleted",
                        "Toolbox " + view.id + " does not exist any more.",
                        "Remove its tools and stop.")
                    .exception();
              }
              if (agent.generation() < view.generation) {
                throw AgentTokens.refused().exception();
              }
            });
  }

  private static <T> T required(T body) {
    if (body == null) {
      throw Problem.invalid(
              "The body is missing.", List.of(new Rules.Violation("body", "is missing")))
          .exception();
    }
    return body;
  }

  private static <T> T valid(Supplier<T> event) {
    try {
      return event.get();
    } catch (InvalidEventException e) {
      throw Problem.invalid(
              "The body is not valid.", List.of(new Rules.Violation(e.field(), e.getMessage())))
          .exception();
    }
  }

  private static Response passedOn(Upstream.Answer answer) {
    var type = answer.status() < 400 ? "application/json" : Problem.MEDIA_TYPE;
    var response = Response.status(answer.status());
    if (answer.status() == 503) {
      response.header("Retry-After", "2");
    }
    return answer.body().isBlank()
        ? response.build()
        : response.type(type).entity(answer.body()).build();
  }

  private static Response unavailable() {
    return Response.status(503)
        .header("Retry-After", "2")
        .type(Problem.MEDIA_TYPE)
        .entity(Upstream.unavailable("deployer"))
        .build();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the provisioner's answer is no JSON", e);
    }
  }
}
