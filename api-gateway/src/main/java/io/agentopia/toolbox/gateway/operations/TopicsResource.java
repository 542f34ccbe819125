package io.agentopia.toolbox.gateway.operations;

import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.operations.TopicRebuildsResource;
import io.agentopia.toolbox.runtime.operations.TopicRebuildsResource.Rebuild;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Topics, for operators. */
@Cancellable(false)
@Path("/v1/topics")
@Produces("application/json")
@Consumes("application/json")
@Tag(name = "Topics", description = "Operators only.")
public class TopicsResource {
  private static final String OURS = "";

  /** Whose outbox a topic is published from. Heartbeats and reports are not kept by anybody. */
  private static final Map<String, String> WRITERS =
      Map.of(
          Topics.TOOLBOX_REQUESTS, OURS,
          Topics.TOOL_REQUESTS, OURS,
          Topics.TOOLBOX_LIFECYCLE, "provisioner-service",
          Topics.TOOLBOX_BOOT, "provisioner-service",
          Topics.TOOLBOX_HEALTH, "health-service",
          Topics.TOOL_LIFECYCLE, "deployer-service",
          Topics.TOOLBOX_MANIFESTS, "deployer-service");

  @Inject TopicRebuildsResource own;
  @Inject InternalServices upstream;
  @Inject CurrentCaller caller;

  /** Which events: of [from, to), of one toolbox; each may be left out. */
  @Schema(name = "TopicRebuildWish")
  public record Wish(Instant from, Instant to, UUID toolboxId, boolean dryRun) {}

  @POST
  @Path("/{topic}/rebuild")
  @Operation(
      summary = "Publish a topic's events of the last 24 h once more",
      description =
          "From the outbox of the service that writes it, in their order and under their own ids; consumers that have had them change nothing.")
  @APIResponse(
      responseCode = "200",
      description = "How many, of a dry run or published",
      content = @Content(schema = @Schema(implementation = TopicRebuildsResource.Rebuilt.class)))
  @APIResponse(responseCode = "400", description = "No service keeps the events of that topic")
  public Uni<Response> rebuild(@PathParam("topic") String topic, Wish wish) {
    caller.get().requireOperator();
    var writer = WRITERS.get(topic);
    if (writer == null) {
      throw Problem.invalid(
              "The topic was not rebuilt.",
              List.of(
                  Violation.of(
                      "topic", "must be one of " + new TreeSet<>(WRITERS.keySet()), topic)))
          .exception();
    }
    var rebuild =
        wish == null
            ? new Rebuild(topic, null, null, null, false)
            : new Rebuild(topic, wish.from(), wish.to(), wish.toolboxId(), wish.dryRun());
    return writer.equals(OURS)
        ? own.rebuild(rebuild).map(found -> Response.ok(found).build())
        : upstream
            .rebuildTopic(writer, rebuild)
            .map(answer -> Response.status(answer.status()).entity(answer.body()).build());
  }
}
