package io.agentopia.toolbox.gateway.live;

import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.toolbox.ToolboxQueries;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Whether a toolbox may be listened to is decided before the stream begins: once it has begun, only
 * silence could say no.
 */
public class EventsAccess {
  private static final Pattern ONE = Pattern.compile("/v1/toolboxes/([^/]+)/events/?");
  private static final int AFTER_AUTHENTICATION = 6000;

  @Inject CurrentCaller current;
  @Inject ToolboxQueries toolboxes;

  @ServerRequestFilter(priority = AFTER_AUTHENTICATION)
  public Uni<Response> check(ContainerRequestContext request) {
    var path = ONE.matcher(request.getUriInfo().getPath());
    if (!path.matches()) {
      return Uni.createFrom().nullItem();
    }
    var caller = current.get();
    return Panache.withSession(() -> toolboxes.visible(caller, path.group(1)))
        .map(view -> (Response) null)
        .onFailure(ProblemException.class)
        .recoverWithItem(e -> refusal(((ProblemException) e).problem()));
  }

  private static Response refusal(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem).build();
  }
}
