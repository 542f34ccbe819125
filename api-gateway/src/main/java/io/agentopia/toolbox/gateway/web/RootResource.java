package io.agentopia.toolbox.gateway.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Whoever opens the bare address wants the page. */
@Cancellable(false)
@Path("/")
public class RootResource {
  @GET
  @Operation(hidden = true)
  public Response page() {
    return Response.seeOther(URI.create("/ui")).build();
  }
}
