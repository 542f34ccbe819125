package io.agentopia.toolbox.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.agentopia.toolbox.events.EventTooLargeException;
import io.agentopia.toolbox.runtime.messaging.DatabaseAway;
import jakarta.persistence.OptimisticLockException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The one place where failures become answers. */
public class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  /** What passes by itself is no defect of ours: whoever asked shall ask again, soon. */
  private static final String SOON_SECONDS = "2";

  @ServerExceptionMapper
  public Response problem(ProblemException e) {
    var builder = Response.fromResponse(answer(e.problem()));
    e.retryAfterSeconds().ifPresent(seconds -> builder.header("Retry-After", seconds));
    return builder.build();
  }

  @ServerExceptionMapper
  public Response tooLarge(EventTooLargeException e) {
    return answer(
        new Problem(
            "urn:toolbox:problem:too_large",
            "The request is too large",
            413,
            "What was asked for has %d bytes; at most %d are allowed. Nothing was changed."
                .formatted(e.bytes(), e.limit()),
            "Make the part named in 'errors' smaller and send the request again.",
            List.of(
                new Problem.FieldError(
                    e.field(), "most of %d bytes are here".formatted(e.bytes())))));
  }

  @ServerExceptionMapper
  public Response mismatched(MismatchedInputException e) {
    return answer(unreadable(e));
  }

  @ServerExceptionMapper
  public Response json(JsonProcessingException e) {
    return answer(unreadable(e));
  }

  @ServerExceptionMapper
  public Response web(WebApplicationException e) {
    var cause = e.getCause();
    if (cause instanceof JsonProcessingException json) {
      return answer(unreadable(json));
    }
    var status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    var response = answer(plain(status, e.getMessage()));
    var builder = Response.fromResponse(response);
    e.getResponse()
        .getHeaders()
        .forEach(
            (name, values) -> {
              if (name.equalsIgnoreCase("Allow")
                  || name.equalsIgnoreCase("Retry-After")
                  || name.equalsIgnoreCase("WWW-Authenticate")) {
                values.forEach(v -> builder.header(name, v));
              }
            });
    return builder.build();
  }

  @ServerExceptionMapper
  public Response anythingElse(Throwable e) {
    if (DatabaseAway.is(e)) {
      return later(
          e,
          "database_away",
          "The database did not answer",
          "The database is out of reach; whether the request was carried out is not known.");
    }
    if (e instanceof OptimisticLockException) {
      return later(
          e,
          "overtaken",
          "Overtaken",
          "Somebody else changed the same thing at the same moment; nothing was changed here.");
    }
    var reference = UUID.randomUUID();
    LOG.errorf(e, "request failed: reference=%s", reference);
    return answer(
        Problem.of(
            500,
            "internal_error",
            "Something went wrong here",
            "The request could not be completed; the log has the cause under reference "
                + reference
                + ".",
            "Try again; if it stays, give the reference to an operator."));
  }

  private static Response later(Throwable cause, String code, String title, String detail) {
    LOG.warnf("request not served now: code=%s cause=%s", code, cause);
    var problem =
        Problem.of(
            503,
            code,
            title,
            detail,
            "Send the request again soon, with the same Idempotency-Key where there is one.");
    return Response.fromResponse(answer(problem)).header("Retry-After", SOON_SECONDS).build();
  }

  /** 400: what was read is no JSON, or not of the form that is expected. */
  public static Problem unreadable(JsonProcessingException e) {
    var field = e instanceof JsonMappingException mapping ? path(mapping) : "";
    var location = e.getLocation();
    var where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    if (field.isEmpty()) {
      return Problem.of(
          400,
          "malformed_json",
          "The body is not readable JSON",
          "Reading the request body failed" + where + ".",
          "Send a JSON document as the API description shows.");
    }
    return new Problem(
        "urn:toolbox:problem:invalid_request",
        "The request is not valid",
        400,
        "Field '" + field + "' of the request body could not be read" + where + ".",
        "Correct the fields named in 'errors' and send the request again.",
        List.of(new Problem.FieldError(field, "has the wrong type or format")));
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
        .collect(Collectors.joining("."));
  }

  /** What is said of a status where nothing more is known. */
  public static Problem plain(int status, @Nullable String message) {
    return switch (status) {
      case 401 ->
          Problem.of(
              401,
              "unauthorized",
              "Not authenticated",
              "The request carries no valid credentials.",
              "Send 'Authorization: Bearer <key>'.");
      case 403 ->
          Problem.of(
              403,
              "forbidden",
              "Not allowed",
              "These credentials may not do that.",
              "Use credentials with the role that is needed.");
      case 404 ->
          Problem.of(
              404,
              "not_found",
              "Not found",
              "There is nothing at this address.",
              "See the API description at /openapi for the addresses there are.");
      case 405 ->
          Problem.of(
              405,
              "method_not_allowed",
              "Method not allowed",
              "This address does not offer that method.",
              "See the Allow header and the API description at /openapi.");
      case 406 ->
          Problem.of(
              406,
              "not_acceptable",
              "Not acceptable",
              "The answer cannot be had in the form the Accept header asks for.",
              "Accept application/json.");
      case 415 ->
          Problem.of(
              415,
              "unsupported_media_type",
              "Unsupported media type",
              "The body is not of a type this address takes.",
              "Send 'Content-Type: application/json'.");
      default ->
          Problem.of(
              status,
              "http_" + status,
              "HTTP " + status,
              String.valueOf(message),
              "See the API description at /openapi.");
    };
  }

  static Response answer(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem).build();
  }
}
