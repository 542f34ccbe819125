package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one way a call to the cloud goes out: out of the budget that all instances share. Without the
 * database there is no budget, and the call fails before it goes out.
 */
@ApplicationScoped
public class BudgetedCalls {
  private final CloudBudget budget;

  @Inject
  public BudgetedCalls(CloudBudget budget) {
    this.budget = budget;
  }

  /**
   * @param limits what an answer says of the cloud's limits
   */
  public <T> Uni<Reply<T>> make(
      Priority priority, Supplier<Uni<T>> request, Function<T, Answer> limits) {
    return budget
        .take(priority)
        .flatMap(
            decision ->
                switch (decision) {
                  case Decision.Wait w ->
                      Uni.createFrom().item(new Reply.Held<T>(w.retryAfter(), w.reason()));
                  case Decision.Granted g -> send(request, limits, g.left());
                });
  }

  private <T> Uni<Reply<T>> send(
      Supplier<Uni<T>> request, Function<T, Answer> limits, RateBudget left) {
    return request
        .get()
        .onItem()
        .<Reply<T>>transform(Reply.Answered::new)
        .onFailure()
        .recoverWithItem(Reply.Failed::new)
        .call(
            reply ->
                reply instanceof Reply.Answered<T> a
                    ? budget.heard(left, limits.apply(a.answer()))
                    : Uni.createFrom().voidItem());
  }
}
