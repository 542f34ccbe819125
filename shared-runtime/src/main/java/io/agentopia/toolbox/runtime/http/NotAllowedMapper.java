package io.agentopia.toolbox.runtime.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** 405 with the methods that the address has. */
public class NotAllowedMapper {
  @Inject Routes routes;

  @ServerExceptionMapper
  public Response notAllowed(NotAllowedException e, UriInfo uri) {
    return Response.fromResponse(ProblemMappers.answer(ProblemMappers.plain(405, null)))
        .allow(routes.methodsAt(uri.getPath()))
        .build();
  }
}
