package io.agentopia.toolbox.runtime.security;

import io.agentopia.toolbox.runtime.http.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Addresses under /internal are for our own services, which share INTERNAL_API_KEY. */
public class InternalAccess {
  @ConfigProperty(name = "internal.api.key")
  java.util.Optional<String> key = java.util.Optional.empty();

  @ServerRequestFilter(preMatching = true)
  public @Nullable Response check(ContainerRequestContext request) {
    if (!request.getUriInfo().getPath().startsWith("/internal")) {
      return null;
    }
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    var given = header != null && header.startsWith("Bearer ") ? header.substring(7) : null;
    if (key.isPresent() && Secrets.same(key.get(), given)) {
      return null;
    }
    var problem =
        Problem.of(
            401,
            "unauthorized",
            "Not authenticated",
            "This address is for the platform's own services.",
            "Send INTERNAL_API_KEY as a bearer token.");
    return Response.status(401).type(Problem.MEDIA_TYPE).entity(problem).build();
  }
}
