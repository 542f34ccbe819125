package io.agentopia.toolbox.gateway.live;

import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.account.Traffic;
import io.agentopia.toolbox.gateway.toolbox.ToolboxQueries;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Whether a toolbox may be listened to, and by one more, is decided before the stream begins: once
 * it has begun, only silence could say no.
 */
public class EventsAccess {
  private static final Pattern ONE = Pattern.compile("/v1/toolboxes/([^/]+)/events/?");
  private static final Pattern ALL = Pattern.compile("/v1/events/?");
  private static final int AFTER_AUTHENTICATION = 6000;

  @Inject CurrentCaller current;
  @Inject ToolboxQueries toolboxes;
  @Inject Traffic traffic;
  @Inject CurrentVertxRequest http;

  @ServerRequestFilter(priority = AFTER_AUTHENTICATION)
  public Uni<Response> check(ContainerRequestContext request) {
    var path = request.getUriInfo().getPath();
    if (ALL.matcher(path).matches()) {
      return Uni.createFrom().item(begin(current.keyHash(), http.getCurrent()));
    }
    var one = ONE.matcher(path);
    if (!one.matches()) {
      return Uni.createFrom().nullItem();
    }
    var caller = current.get();
    var keyHash = current.keyHash();
    var routing = http.getCurrent();
    return Panache.withSession(() -> toolboxes.visible(caller, one.group(1)))
        .map(view -> begin(keyHash, routing))
        .onFailure(ProblemException.class)
        .recoverWithItem(e -> refusal(((ProblemException) e).problem()));
  }

  /** Counted until the response has ended, however it ends. */
  private Response begin(String keyHash, RoutingContext routing) {
    var stream = traffic.stream(keyHash);
    routing.addEndHandler(ended -> stream.close().run());
    return stream.refusal();
  }

  private static Response refusal(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem).build();
  }
}
