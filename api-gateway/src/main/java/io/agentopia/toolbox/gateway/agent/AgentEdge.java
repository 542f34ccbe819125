package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.AgentGate.Admitted;
import io.agentopia.toolbox.gateway.agent.AgentImages.Wanted;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.gateway.manifest.Manifests;
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
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  @Inject Manifests manifests;
  @Inject AgentGate gate;
  @Inject AgentKeys keys;
  @Inject AgentTokens tokens;
  @Inject AgentImages images;
  @Inject Outbox outbox;
  @Inject RecordProducer producer;
  @Inject BeatProducer beats;
  @Inject GatewayConfig config;
  @Inject Clock clock;
  @Context HttpServerRequest request;

  @POST
  @Path("/heartbeat")
  @Operation(summary = "One beat; the answer carries the manifest's generation")
  public Uni<Map<String, Object>> heartbeat(
      @HeaderParam("Authorization") String authorization, byte[] body) {
    return gate.admit(authorization, request).flatMap(who -> heard(who, body));
  }

  private Uni<Map<String, Object>> heard(Admitted who, byte[] body) {
    var beat = AgentWords.heartbeat(who.agent(), body);
    var event = beat.event();
    return publishBeat(event)
        .call(() -> images.note(who, event.agentVersion(), event.agentImage(), formerAddress()))
        .map(x -> answer(who, beat));
  }

  private Map<String, Object> answer(Admitted who, AgentWords.Beat beat) {
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
    var wanted = Wanted.of(who, beat.event().agentImage());
    if (wanted != null) {
      answer.put("agentImage", wanted);
    }
    config.publicUrls().ifPresent(urls -> answer.put("backendUrls", urls));
    if (beat.inboundKeyIds() != null && !keys.ids().equals(beat.inboundKeyIds())) {
      answer.put("inboundKeys", keys.inboundKeys(agent.toolboxId(), agent.generation()));
    }
    return answer;
  }

  /** The address it called, where that is not the one at which agents shall call; else null. */
  private String formerAddress() {
    var called = request.authority() == null ? null : request.authority().toString();
    return config
        .publicUrls()
        .filter(
            urls -> called != null && !URI.create(urls.getFirst()).getAuthority().equals(called))
        .map(urls -> called)
        .orElse(null);
  }

  private Uni<Void> publishBeat(AgentHeartbeat event) {
    return publish(event, beats)
        .ifNoItem()
        .after(LONGEST_WAIT)
        .fail()
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf(
                  "heartbeat not published: toolboxId=%s cause=%s",
                  event.toolboxId(), e.toString());
              return null;
            });
  }

  @GET
  @Path("/manifest")
  @Operation(summary = "The tools that shall be on the droplet")
  public Uni<Response> manifest(
      @HeaderParam("Authorization") String authorization,
      @HeaderParam("If-None-Match") String known) {
    return gate.admit(authorization, request)
        .flatMap(
            who ->
                manifests
                    .find(who.agent().toolboxId())
                    .map(found -> found.orElseGet(() -> nothingYet(who))))
        .map(kept -> manifest(kept, known));
  }

  /** One that is known to have a manifest, from before they were kept here, is told it shortly. */
  private static Manifests.Kept nothingYet(Admitted who) {
    if (who.view() != null && who.view().manifestGeneration > 0) {
      throw Problem.of(
              503,
              "manifest_on_its_way",
              "Not available now",
              "Manifest %d of toolbox %s has not arrived here yet."
                  .formatted(who.view().manifestGeneration, who.agent().toolboxId()),
              "Try again in a few seconds; the deployer tells it once it runs.")
          .exception();
    }
    return Manifests.empty(who.agent().toolboxId());
  }

  private static Response manifest(Manifests.Kept kept, String known) {
    var tag = "\"" + kept.generation() + "\"";
    return tag.equals(known)
        ? Response.notModified().header("ETag", tag).build()
        : Response.ok(kept.document()).header("ETag", tag).build();
  }

  @POST
  @Path("/report")
  @Operation(summary = "All tools of the droplet, when one of them changed")
  public Uni<Response> report(@HeaderParam("Authorization") String authorization, byte[] body) {
    return gate.admit(authorization, request)
        .flatMap(who -> publish(AgentWords.report(who.agent(), body, clock.instant()), producer))
        .map(x -> Response.accepted().build())
        .onFailure(e -> !(e instanceof io.agentopia.toolbox.runtime.http.ProblemException))
        .transform(e -> InternalServices.unavailable("message broker").exception());
  }

  private Uni<Void> publish(AgentEvent event, RecordProducer by) {
    var wire = EventCodec.encode(outbox.envelope(event, null));
    return by.sendAsync(wire.topic(), wire.key(), wire.headers(), wire.body());
  }
}
