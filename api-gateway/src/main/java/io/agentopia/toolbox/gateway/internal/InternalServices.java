package io.agentopia.toolbox.gateway.internal;

import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.operations.TopicRebuildsResource.Rebuild;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * Our own services, asked over HTTP. Their problem documents are passed on; silence becomes 503.
 */
@ApplicationScoped
public class InternalServices {
  /** What every service offers its operators. */
  interface Operations {
    @POST
    @Path("/replay-previews")
    Uni<Response> replayPreviews(
        @HeaderParam("Authorization") String bearer, List<Map<String, Object>> letters);

    @POST
    @Path("/topic-rebuilds")
    Uni<Response> rebuildTopic(@HeaderParam("Authorization") String bearer, Rebuild wish);
  }

  @RegisterRestClient(configKey = "provisioner")
  @Path("/internal")
  interface Provisioner extends Operations {
    @POST
    @Path("/agents/join")
    Uni<Response> join(@HeaderParam("Authorization") String bearer, Map<String, Object> body);

    @POST
    @Path("/agents/boot")
    Uni<Response> boot(@HeaderParam("Authorization") String bearer, Map<String, Object> body);

    @GET
    @Path("/toolboxes/{id}/waiting")
    Uni<Response> waiting(@HeaderParam("Authorization") String bearer, @PathParam("id") UUID id);

    @GET
    @Path("/catalog")
    Uni<Response> catalog(@HeaderParam("Authorization") String bearer);
  }

  @RegisterRestClient(configKey = "deployer")
  @Path("/internal")
  interface Deployer extends Operations {}

  @RegisterRestClient(configKey = "health")
  @Path("/internal")
  interface Health extends Operations {
    @GET
    @Path("/toolboxes/{id}/health")
    Uni<Response> health(@HeaderParam("Authorization") String bearer, @PathParam("id") UUID id);

    @POST
    @Path("/agent-rollouts")
    Uni<Response> startRollout(
        @HeaderParam("Authorization") String bearer,
        @QueryParam("by") String by,
        Map<String, Object> wish);

    @GET
    @Path("/agent-rollouts")
    Uni<Response> rollouts(
        @HeaderParam("Authorization") String bearer,
        @QueryParam("limit") String limit,
        @QueryParam("cursor") String cursor);

    @GET
    @Path("/agent-rollouts/{id}")
    Uni<Response> rollout(@HeaderParam("Authorization") String bearer, @PathParam("id") String id);

    @POST
    @Path("/agent-rollouts/{id}/{action}")
    Uni<Response> actOnRollout(
        @HeaderParam("Authorization") String bearer,
        @PathParam("id") String id,
        @PathParam("action") String action,
        @QueryParam("by") String by,
        Map<String, Object> deed);
  }

  @RestClient @Inject Provisioner provisioner;
  @RestClient @Inject Deployer deployer;
  @RestClient @Inject Health health;

  @ConfigProperty(name = "internal.api.key")
  String key;

  /**
   * A raw answer.
   *
   * @param body JSON text
   * @param refused what the provisioner refused a join token for; null otherwise
   */
  public record Answer(int status, String body, RefusedToken refused) {}

  /** For the audit alone; it is not passed on. */
  public record RefusedToken(String reason, UUID toolboxId, Long generation) {
    static RefusedToken of(Response response) {
      var reason = response.getHeaderString("Refused-Reason");
      var toolboxId = response.getHeaderString("Refused-Toolbox");
      var generation = response.getHeaderString("Refused-Generation");
      return reason == null
          ? null
          : new RefusedToken(
              reason,
              toolboxId == null ? null : UUID.fromString(toolboxId),
              generation == null ? null : Long.valueOf(generation));
    }
  }

  public Uni<Answer> join(Map<String, Object> body) {
    return ask("provisioner", provisioner.join(bearer(), body));
  }

  public Uni<Answer> boot(Map<String, Object> body) {
    return ask("provisioner", provisioner.boot(bearer(), body));
  }

  public Uni<Answer> waiting(UUID toolboxId) {
    return ask("provisioner", provisioner.waiting(bearer(), toolboxId));
  }

  public Uni<Answer> health(UUID toolboxId) {
    return ask("health service", health.health(bearer(), toolboxId));
  }

  /**
   * @param by the operator who asks
   */
  public Uni<Answer> startRollout(String by, Map<String, Object> wish) {
    return ask("health service", health.startRollout(bearer(), by, wish));
  }

  public Uni<Answer> rollouts(String limit, String cursor) {
    return ask("health service", health.rollouts(bearer(), limit, cursor));
  }

  public Uni<Answer> rollout(String id) {
    return ask("health service", health.rollout(bearer(), id));
  }

  public Uni<Answer> actOnRollout(String id, String action, String by, Map<String, Object> deed) {
    return ask("health service", health.actOnRollout(bearer(), id, action, by, deed));
  }

  public Uni<Catalog> catalog() {
    return provisioner
        .catalog(bearer())
        .map(
            response -> {
              if (response.getStatus() != 200) {
                throw new IllegalStateException(
                    "the provisioner answered with HTTP " + response.getStatus());
              }
              return response.readEntity(Catalog.class);
            });
  }

  /**
   * @param service name of a service of ours; any other does not answer
   */
  public Uni<Answer> replayPreviews(String service, List<Map<String, Object>> letters) {
    return operations(service)
        .map(s -> ask(service, s.replayPreviews(bearer(), letters)))
        .orElseGet(() -> Uni.createFrom().failure(unavailable(service).exception()));
  }

  public Uni<Answer> rebuildTopic(String service, Rebuild wish) {
    return operations(service)
        .map(s -> ask(service, s.rebuildTopic(bearer(), wish)))
        .orElseGet(() -> Uni.createFrom().failure(unavailable(service).exception()));
  }

  private Optional<Operations> operations(String service) {
    return switch (service) {
      case "provisioner-service" -> Optional.of(provisioner);
      case "deployer-service" -> Optional.of(deployer);
      case "health-service" -> Optional.of(health);
      default -> Optional.empty();
    };
  }

  private static Uni<Answer> ask(String who, Uni<Response> call) {
    return call.onFailure(WebApplicationException.class)
        .recoverWithItem(e -> ((WebApplicationException) e).getResponse())
        .map(
            response ->
                new Answer(
                    response.getStatus(),
                    response.hasEntity() ? response.readEntity(String.class) : "",
                    RefusedToken.of(response)))
        .onFailure()
        .transform(e -> unavailable(who).exception());
  }

  public static Problem unavailable(String who) {
    return Problem.of(
        503,
        "unavailable",
        "Not available now",
        "The " + who + " does not answer.",
        "Try again in a few seconds.");
  }

  private String bearer() {
    return "Bearer " + key;
  }
}
