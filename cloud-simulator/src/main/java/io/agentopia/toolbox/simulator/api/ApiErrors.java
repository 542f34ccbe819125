package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.control.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Failures as answers: DigitalOcean's form below /v2, problem documents elsewhere. */
public class ApiErrors {
  private static final Logger LOG = Logger.getLogger(ApiErrors.class);

  @ServerExceptionMapper
  public Response api(ApiError error) {
    return answer(error);
  }

  @ServerExceptionMapper
  public Response web(WebApplicationException e, UriInfo uri) {
    var status = e.getResponse().getStatus();
    if (!uri.getPath().startsWith("/v2")) {
      return Problem.of(
              status,
              "HTTP " + status,
              String.valueOf(e.getMessage()),
              "See the paths and methods of /control in the simulator's description.")
          .answer();
    }
    return answer(
        status == 404
            ? ApiError.notFound()
            : new ApiError(status, "http_" + status, String.valueOf(e.getMessage())));
  }

  @ServerExceptionMapper
  public Response anythingElse(RuntimeException e) {
    LOG.error("request failed", e);
    return answer(ApiError.serverError(500));
  }

  static Response answer(ApiError error) {
    var response =
        Response.status(error.status()).type(MediaType.APPLICATION_JSON_TYPE).entity(error.body());
    if (error.retryAfter() != null) {
      response.header("retry-after", error.retryAfter());
    }
    return response.build();
  }
}
