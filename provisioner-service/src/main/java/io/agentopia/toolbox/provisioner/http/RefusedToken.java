package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.store.JoinToken;
import io.agentopia.toolbox.runtime.http.Problem;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * A join token that is not taken. The problem is for the droplet; the headers are for the gateway,
 * which audits the refusal with the address it came from and does not pass them on.
 */
final class RefusedToken extends RuntimeException {
  /** Why, as the audit has it. */
  enum Reason {
    MISSING,
    UNKNOWN,
    EXPIRED,
    USED,
    REPLACED,
    NOT_WANTED
  }

  private final transient Reason reason;
  private final transient JoinToken token;
  private final transient Problem problem;

  /**
   * @param token null when it is not one of ours
   */
  RefusedToken(Reason reason, JoinToken token, Problem problem) {
    super(reason + ": " + problem.detail());
    this.reason = reason;
    this.token = token;
    this.problem = problem;
  }

  static RefusedToken invalid(Reason reason, JoinToken token) {
    return new RefusedToken(
        reason,
        token,
        Problem.of(
            401,
            "join_token_invalid",
            "Join token not valid",
            "The join token is unknown, expired, or of a replaced droplet.",
            "Recreate the toolbox to get a new droplet with a new token."));
  }

  static RefusedToken used(JoinToken token) {
    return new RefusedToken(
        Reason.USED,
        token,
        Problem.of(
            409,
            "join_token_used",
            "Join token used",
            "The join token was used already.",
            "Recreate the toolbox to get a new token."));
  }

  Response response() {
    var response =
        Response.status(problem.status())
            .type(Problem.MEDIA_TYPE)
            .entity(problem)
            .header("Refused-Reason", reason.name().toLowerCase(Locale.ROOT));
    if (token != null) {
      response
          .header("Refused-Toolbox", token.toolboxId)
          .header("Refused-Generation", token.generation);
    }
    return response.build();
  }

  /** Found by its annotation. */
  static final class Mapper {
    @ServerExceptionMapper
    public Response refused(RefusedToken e) {
      return e.response();
    }
  }
}
