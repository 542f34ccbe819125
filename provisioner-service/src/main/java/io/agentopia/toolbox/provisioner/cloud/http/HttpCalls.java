package io.agentopia.toolbox.provisioner.cloud.http;

import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.function.Function;

/** Calls to a cloud's HTTP API with its token, within its limits. */
public final class HttpCalls {
  private final BudgetedCalls calls;
  private final String bearer;
  private final Clock clock;

  public HttpCalls(BudgetedCalls calls, String token, Clock clock) {
    this.calls = calls;
    this.bearer = "Bearer " + token;
    this.clock = clock;
  }

  /**
   * An answer of the cloud, one with an error status too.
   *
   * @param limits what its headers say of the rate limits
   */
  public record Said(Response response, Answer limits) {
    public int status() {
      return response.getStatus();
    }
  }

  /**
   * @param request by what it is authorized with
   */
  public Uni<Reply<Said>> make(Priority priority, Function<String, Uni<Response>> request) {
    return calls.make(priority, () -> said(request.apply(bearer)), Said::limits);
  }

  private Uni<Said> said(Uni<Response> call) {
    return call.onFailure(WebApplicationException.class)
        .recoverWithItem(WebApplicationException::getResponse)
        .map(
            r ->
                new Said(
                    r, RateLimitHeaders.read(r.getStatus(), r::getHeaderString, clock.instant())));
  }
}
