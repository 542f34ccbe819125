package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.agentopia.toolbox.provisioner.store.CloudBudget;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The one way a call goes out: out of the budget that all instances share. Without the database
 * there is no budget, and the call fails before it goes out.
 */
@ApplicationScoped
class BudgetedCalls {
  private final CloudBudget budget;
  private final Clock clock;

  @Inject
  BudgetedCalls(CloudBudget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
  }

  Uni<Reply> make(Priority priority, Supplier<Uni<Response>> request) {
    return budget
        .take(priority)
        .flatMap(
            decision ->
                switch (decision) {
                  case Decision.Wait w ->
                      Uni.createFrom().item(new Reply.Held(w.retryAfter(), w.reason()));
                  case Decision.Granted g -> send(request, g.left());
                });
  }

  private Uni<Reply> send(Supplier<Uni<Response>> request, RateBudget left) {
    return asValue(request.get())
        .onItem()
        .<Reply>transform(
            response ->
                new Reply.Answered(
                    response,
                    Answer.of(response.getStatus(), response::getHeaderString, clock.instant())))
        .onFailure()
        .recoverWithItem(Reply.Failed::new)
        .call(
            reply ->
                reply instanceof Reply.Answered a
                    ? budget.heard(left, a.limits())
                    : Uni.createFrom().voidItem());
  }

  /** An answer with an error status is a value too. */
  private static Uni<Response> asValue(Uni<Response> call) {
    return call.onFailure(WebApplicationException.class)
        .recoverWithItem(e -> ((WebApplicationException) e).getResponse());
  }
}
