package io.agentopia.toolbox.simulator.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** An error of the control endpoints, as RFC 9457 describes it; {@code action}: what to do next. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type, String title, int status, String detail, String action, List<FieldError> errors) {

  public record FieldError(String field, String message) {}

  public static Problem of(int status, String title, String detail, String action) {
    return new Problem("about:blank", title, status, detail, action, null);
  }

  static Problem invalid(List<FieldError> errors) {
    return new Problem(
        "urn:toolbox:problem:invalid_request",
        "The request is not valid",
        400,
        "Nothing was changed; 'errors' names each field and what it permits.",
        "Correct the fields named in 'errors' and send the request again.",
        errors);
  }

  public Response answer() {
    return Response.status(status).type("application/problem+json").entity(this).build();
  }
}
