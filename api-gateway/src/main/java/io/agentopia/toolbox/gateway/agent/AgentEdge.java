package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.AgentEvent.ToolBeat;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.InvalidEventException;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.AgentGate.Admitted;
import io.agentopia.toolbox.gateway.agent.AgentImages.Wanted;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.RecordProducer;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Where the droplets' agents come in: docs/agent-protocol.md is the contract. */
@Cancellable(false)
@Path("/agent/v1")
@Produces("application/json")
@Tag(name = "Agents", description = "For the agents on the droplets; see docs/agent-protocol.md.")
public class AgentEdge {
  private static final Logger LOG = Logger.getLogger(AgentEdge.class);

  /** A heartbeat's answer does not wait longer for the broker: the next beat says it again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  @Inject Upstream upstream;
  @Inject AgentGate gate;
  @Inject AgentKeys keys;
  @Inject AgentTokens tokens;
  @Inject AgentImages images;
  @Inject Outbox outbox;
  @Inject RecordProducer producer;
  @Inject BeatProducer beats;
  @Inject GatewayConfig config;
  @Context HttpServerRequest request;

  public record Heartbeat(
      long sequence,
      String agentVersion,
      String bootId,
      long uptimeSeconds,
      long appliedManifestGeneration,
      boolean dockerReachable,
      String dockerVersion,
      Metrics metrics,
      List<ToolBeat> tools,
      List<String> inboundKeyIds,
      String agentImage,
      AgentUpgrade upgrade) {}

  public record Report(long appliedManifestGeneration, Instant observedAt, List<ToolState> tools) {}

  @POST
  @Path("/heartbeat")
  @Operation(summary = "One beat; the answer carries the manifest's generation")
  public Uni<Map<String, Object>> heartbeat(
      @HeaderParam("Authorization") String authorization, Heartbeat beat) {
    return gate.admit(authorization, request)
        .call(who -> publishBeat(who.agent(), required(beat)))
        .call(who -> images.note(who, beat.agentVersion(), beat.agentImage()))
        .map(who -> answer(who, beat));
  }

  private Map<String, Object> answer(Admitted who, Heartbeat beat) {
    var agent = who.agent();
    var view = who.view();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("manifestGeneration", view == null ? 0 : view.manifestGeneration);
    answer.put("heartbeatSeconds", config.heartbeatEvery().toSeconds());
    answer.put("commands", List.of());
    if (who.isDueForRenewal()) {
      var token = tokens.mint(agent);
      answer.put("agentToken", token.text());
      answer.put("agentTokenExpiresAt", token.expiresAt());
    }
    var wanted = Wanted.of(who, beat.agentImage());
    if (wanted != null) {
      answer.put("agentImage", wanted);
    }
    if (beat.inboundKeyIds() != null && !keys.ids().equals(beat.inboundKeyIds())) {
      answer.put("inboundKeys", keys.inboundKeys(agent.toolboxId(), agent.generation()));
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
                    b.tools(),
                    b.agentImage(),
                    b.upgrade()));
    return publish(event, beats)
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
    return gate.admit(authorization, request)
        .flatMap(who -> upstream.manifest(who.agent().toolboxId()))
        .map(answer -> answer.status() == 200 ? AgentIdentityEdge.passedOn(answer) : unavailable());
  }

  @POST
  @Path("/report")
  @Operation(summary = "All tools of the droplet, when one of them changed")
  public Uni<Response> report(@HeaderParam("Authorization") String authorization, Report report) {
    return gate.admit(authorization, request)
        .flatMap(who -> publish(event(who.agent(), required(report)), producer))
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

  private Uni<Void> publish(AgentEvent event, RecordProducer by) {
    var wire = EventCodec.encode(outbox.envelope(event, null));
    return by.sendAsync(wire.topic(), wire.key(), wire.headers(), wire.body());
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

  private static Response unavailable() {
    return Response.status(503)
        .header("Retry-After", "2")
        .type(Problem.MEDIA_TYPE)
        .entity(Upstream.unavailable("deployer"))
        .build();
  }
}
