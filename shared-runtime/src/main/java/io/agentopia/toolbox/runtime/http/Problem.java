package io.agentopia.toolbox.runtime.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Shown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 describes it, with two members of our own.
 *
 * @param type {@code urn:toolbox:problem:<code>}; the code is stable
 * @param detail what was attempted, on which id, and what was found
 * @param action what to do next
 * @param errors the fields at fault, where fields are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String action,
    @Nullable List<FieldError> errors) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public record FieldError(String field, String message) {}

  public static Problem of(int status, String code, String title, String detail, String action) {
    return new Problem("urn:toolbox:problem:" + code, title, status, detail, action, null);
  }

  public static Problem invalid(String detail, List<Rules.Violation> violations) {
    var errors = violations.stream().map(v -> new FieldError(v.field(), v.message())).toList();
    return new Problem(
        "urn:toolbox:problem:invalid_request",
        "The request is not valid",
        400,
        detail,
        "Correct the fields named in 'errors' and send the request again.",
        errors);
  }

  public static Problem notFound(String what, String id) {
    return of(
        404,
        "not_found",
        "Not found",
        "There is no " + what + " " + Shown.name(id) + " in this account.",
        "Check the id; list what exists with GET.");
  }

  public ProblemException exception() {
    return new ProblemException(this);
  }
}
