package io.agentopia.toolbox.agent.http;

import jakarta.ws.rs.core.Response;

/**
 * An error as RFC 9457 describes it; {@code action} says what to do next.
 *
 * @param type {@code urn:toolbox:problem:<code>}
 */
public record Problem(String type, String title, int status, String detail, String action) {
  public static final String MEDIA_TYPE = "application/problem+json";

  static Response response(int status, String code, String title, String detail, String action) {
    var problem = new Problem("urn:toolbox:problem:" + code, title, status, detail, action);
    return Response.status(status).type(MEDIA_TYPE).entity(problem).build();
  }
}
