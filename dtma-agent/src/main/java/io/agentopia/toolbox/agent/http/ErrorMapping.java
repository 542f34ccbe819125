package io.agentopia.toolbox.agent.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error is a problem document. */
public class ErrorMapping {
  private static final Logger LOG = Logger.getLogger(ErrorMapping.class);

  @ServerExceptionMapper
  Response http(WebApplicationException e) {
    var status = e.getResponse().getStatus();
    return Problem.response(
        status,
        "http_" + status,
        e.getResponse().getStatusInfo().getReasonPhrase(),
        "The agent does not serve this call.",
        "See docs/agent-protocol.md for the calls it serves.");
  }

  @ServerExceptionMapper
  Response unexpected(RuntimeException e) {
    LOG.error("Call failed unexpectedly", e);
    return Problem.response(
        500,
        "internal",
        "The agent failed",
        "The call could not be answered because of a defect in the agent.",
        "Try again, and report the agent's log.");
  }
}
