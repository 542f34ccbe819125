package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.function.Function;

/** Calls to DigitalOcean, within its limits. */
@ApplicationScoped
class DigitalOceanCalls {
  private final BudgetedCalls calls;
  private final String bearer;
  private final Clock clock;

  @Inject
  DigitalOceanCalls(BudgetedCalls calls, ProvisionerConfig config, Clock clock) {
    this.calls = calls;
    this.bearer = "Bearer " + config.digitaloceanToken().orElse("");
    this.clock = clock;
  }

  /**
   * An answer of DigitalOcean, one with an error status too.
   *
   * @param limits what its headers say of the rate limits
   */
  record Said(Response response, Answer limits) {
    int status() {
      return response.getStatus();
    }
  }

  /**
   * @param request by what it is authorized with
   */
  Uni<Reply<Said>> make(Priority priority, Function<String, Uni<Response>> request) {
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
