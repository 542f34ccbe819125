package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.UUID;

/** Ends a request with DigitalOcean's error body. */
public final class ApiError extends RuntimeException {
  private final int status;
  private final transient Body body;

  /** {@code id} is a word for the status; {@code request_id} is what support would ask for. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Body(String id, String message, String requestId) {}

  private final transient Long retryAfter;

  public ApiError(int status, String id, String message) {
    this(status, id, message, null);
  }

  private ApiError(int status, String id, String message, Long retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = new Body(id, message, UUID.randomUUID().toString());
  }

  public int status() {
    return status;
  }

  /** Null when not said. */
  public Long retryAfter() {
    return retryAfter;
  }

  public Body body() {
    return body;
  }

  static ApiError notFound() {
    return new ApiError(404, "not_found", "The resource you requested could not be found.");
  }

  static ApiError unprocessable(String message) {
    return new ApiError(422, "unprocessable_entity", message);
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, "bad_request", message);
  }

  static ApiError unauthorized() {
    return new ApiError(401, "unauthorized", "Unable to authenticate you");
  }

  /**
   * @param retryAfter seconds; null for the hourly limit, which does not say when to come back
   */
  static ApiError tooManyRequests(Long retryAfter) {
    return new ApiError(429, "too_many_requests", "API rate limit exceeded.", retryAfter);
  }

  static ApiError serverError(int status) {
    return new ApiError(
        status,
        status == 503 ? "service_unavailable" : "server_error",
        "Unexpected server-side error");
  }
}
