package io.agentopia.toolbox.gateway.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.http.StrictJson;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.gateway.internal.InternalServices.Answer;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/**
 * Rollouts of the agent's image, for operators: docs/agent-rollouts.md. The health service decides;
 * here it is seen to that an operator asks, with fields that exist and are of their types. Which
 * values are right is said by who knows the rules.
 */
@Cancellable(false)
@Path("/v1/agent-rollouts")
@Produces("application/json")
@Consumes("application/json")
@Tag(
    name = "Agent rollouts",
    description = "The agent's image on all toolboxes, canaries first. Operators only.")
public class AgentRolloutsResource {
  @Inject InternalServices upstream;
  @Inject CurrentCaller caller;

  @Schema(name = "AgentRolloutWish")
  public record Wish(
      @Schema(description = "what people call the image", examples = "v0.2.0", required = true)
          String version,
      @Schema(
              description =
                  "1 to 5 references repository@sha256:<64 hex digits> to the same image, in the order in which they are tried",
              required = true)
          List<String> images,
      @Schema(description = "so many toolboxes try it first, 1 to 100", defaultValue = "1")
          Integer canaries,
      @Schema(
              description = "how long each has to stay healthy with it, 1 to 86,400",
              defaultValue = "600")
          Integer bakeSeconds,
      @Schema(description = "longest time for one move, 1 to 86,400", defaultValue = "900")
          Integer deadlineSeconds,
      @Schema(
              description =
                  "so many move or bake at a time, 1 to 1000; a tenth of the fleet, at least 10, where it is left out")
          Integer atOnce,
      @Schema(
              description =
                  "so many may fail after the canaries; a tenth of the fleet, at least 1, where it is left out")
          Integer maxFailures,
      @Schema(description = "why; it is kept") String reason) {}

  @Schema(name = "AgentRolloutDeed")
  public record Deed(
      @Schema(description = "why, 1 to 500 characters; it is kept", required = true)
          String reason) {}

  @POST
  @Operation(
      summary = "Roll out an image of the agent",
      description =
          "A few toolboxes try it; when they stay healthy, the others follow; when one of them fails, all who were asked go back by themselves.")
  @APIResponse(responseCode = "201", description = "It has begun; Location says where to look")
  @APIResponse(responseCode = "400", description = "Fields are wrong, all of which are named")
  @APIResponse(responseCode = "409", description = "Another rollout is open, which is named")
  public Uni<Response> start(Wish wish) {
    return upstream.startRollout(operator(), fields(wish)).map(AgentRolloutsResource::started);
  }

  @GET
  @Operation(summary = "Rollouts, youngest first")
  @APIResponse(
      responseCode = "200",
      description = "As the health service tells it: items, and nextCursor where there are more")
  public Uni<Response> list(
      @Parameter(description = "1 to 100; 20 where it is left out") @QueryParam("limit")
          String limit,
      @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
          String cursor) {
    operator();
    return upstream.rollouts(limit, cursor).map(AgentRolloutsResource::passedOn);
  }

  @GET
  @Path("/{id}")
  @Operation(
      summary = "One rollout: its state and why, its members, and what was done to it",
      description = "Of the members 500 at most: failed ones first, then those under way.")
  @APIResponse(responseCode = "404", description = "There is none of that id")
  @APIResponse(responseCode = "200", description = "As the health service tells it")
  public Uni<Response> get(@PathParam("id") String id) {
    operator();
    return upstream.rollout(id).map(AgentRolloutsResource::passedOn);
  }

  @POST
  @Path("/{id}/halt")
  @Operation(summary = "Ask nobody else for now; those under way come to their end")
  @APIResponse(responseCode = "409", description = "Its state does not allow it")
  @APIResponse(responseCode = "200", description = "The rollout as it is now")
  public Uni<Response> halt(@PathParam("id") String id, Deed deed) {
    return act(id, "halt", deed);
  }

  @POST
  @Path("/{id}/resume")
  @Operation(summary = "Go on with a halted one")
  @APIResponse(responseCode = "409", description = "It is not halted")
  @APIResponse(responseCode = "200", description = "The rollout as it is now")
  public Uni<Response> resume(@PathParam("id") String id, Deed deed) {
    return act(id, "resume", deed);
  }

  @POST
  @Path("/{id}/rollback")
  @Operation(
      summary = "Take everybody who was asked back to the image they came from",
      description = "Also of a complete one, as long as no later one has taken its place.")
  @APIResponse(responseCode = "409", description = "Its state does not allow it")
  @APIResponse(responseCode = "200", description = "The rollout as it is now")
  public Uni<Response> rollback(@PathParam("id") String id, Deed deed) {
    return act(id, "rollback", deed);
  }

  private Uni<Response> act(String id, String action, Deed deed) {
    return upstream
        .actOnRollout(id, action, operator(), fields(deed))
        .map(AgentRolloutsResource::passedOn);
  }

  /** Who asks, if he may. */
  private String operator() {
    caller.get().requireOperator();
    return caller.get().accountId();
  }

  private static Map<String, Object> fields(Object body) {
    return body == null ? Map.of() : StrictJson.fields(body);
  }

  private static Response started(Answer answer) {
    var response = Response.fromResponse(passedOn(answer));
    return answer.status() == 201
        ? response.location(URI.create("/v1/agent-rollouts/" + id(answer))).build()
        : response.build();
  }

  private static String id(Answer answer) {
    try {
      return EventCodec.mapper().readTree(answer.body()).path("id").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the health service's answer cannot be read", e);
    }
  }

  private static Response passedOn(Answer answer) {
    return Response.status(answer.status())
        .type(answer.status() < 400 ? "application/json" : Problem.MEDIA_TYPE)
        .entity(answer.body())
        .build();
  }
}
