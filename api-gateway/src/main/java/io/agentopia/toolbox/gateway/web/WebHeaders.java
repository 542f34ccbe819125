package io.agentopia.toolbox.gateway.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** The page runs nothing but its own files, and nobody frames it. */
public class WebHeaders {
  @ServerResponseFilter
  public void add(ContainerRequestContext request, ContainerResponseContext response) {
    var headers = response.getHeaders();
    headers.putSingle("X-Content-Type-Options", "nosniff");
    if (request.getUriInfo().getPath().startsWith("/ui")) {
      headers.putSingle(
          "Content-Security-Policy",
          "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
      headers.putSingle("Referrer-Policy", "same-origin");
      headers.putSingle("Cache-Control", "no-store");
    }
  }
}
