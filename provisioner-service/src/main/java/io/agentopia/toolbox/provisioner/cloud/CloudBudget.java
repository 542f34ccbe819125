package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Drawn;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The {@link RateBudget} of our token, which all instances share: see {@link BudgetStore}. Calls
 * that wait in this instance are drawn for together: while one draw is under way the next ones
 * gather. What is drawn is handed out at once, so nothing is ever held in reserve, and an instance
 * that dies has used up at most what it was about to send. Without the database there is no budget,
 * and so no call to the cloud.
 */
@ApplicationScoped
public class CloudBudget {
  private static final Logger LOG = Logger.getLogger(CloudBudget.class);

  private final BudgetStore store;
  private final Clock clock;
  private List<Waiting> waiting = new ArrayList<>();
  private boolean isDrawing;

  private record Waiting(Priority priority, UniEmitter<? super Decision> call) {}

  @Inject
  public CloudBudget(BudgetStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** One call, taken before it goes out. */
  public Uni<Decision> take(Priority priority) {
    return VertxContexts.backOnCallers(
        Uni.createFrom().emitter(call -> enqueue(new Waiting(priority, call))));
  }

  /**
   * What the cloud answered to a call that was taken. Most answers say nothing new and cost no
   * statement. Never fails: the answer itself is worth more than what it says about limits.
   */
  public Uni<Void> heard(RateBudget left, Answer answer) {
    if (!left.isChangedBy(answer)) {
      return Uni.createFrom().voidItem();
    }
    return VertxContexts.backOnCallers(
            store.change(budget -> budget.after(answer, clock.instant())))
        .invoke(after -> log(answer, after))
        .replaceWithVoid()
        .onFailure()
        .invoke(e -> LOG.warnf("the cloud's word on its limits not stored: cause=%s", e))
        .onFailure()
        .recoverWithNull();
  }

  private void enqueue(Waiting call) {
    synchronized (this) {
      waiting.add(call);
      if (isDrawing) {
        return;
      }
      isDrawing = true;
    }
    draw();
  }

  private void draw() {
    List<Waiting> calls;
    synchronized (this) {
      calls = waiting;
      waiting = new ArrayList<>();
      isDrawing = !calls.isEmpty();
    }
    if (!calls.isEmpty()) {
      drawFor(calls);
    }
  }

  private void drawFor(List<Waiting> calls) {
    var priorities = calls.stream().map(Waiting::priority).toList();
    var drawn = new Drawn[1];
    Uni.createFrom()
        .deferred(
            () ->
                store.change(
                    budget -> {
                      drawn[0] = budget.draw(clock.instant(), priorities);
                      return drawn[0].left();
                    }))
        .subscribe()
        .with(
            ignored -> {
              draw();
              handOut(calls, drawn[0].decisions());
            },
            failure -> {
              draw();
              calls.forEach(call -> call.call().fail(failure));
            });
  }

  private static void handOut(List<Waiting> calls, List<Decision> decisions) {
    for (var i = 0; i < calls.size(); i++) {
      calls.get(i).call().complete(decisions.get(i));
    }
  }

  private static void log(Answer answer, RateBudget after) {
    if (answer.isRefusal()) {
      LOG.warnf(
          "the cloud refused a call for its rate limit: closedUntil=%s refusals=%d",
          after.closedUntil(), after.refusals());
    }
  }
}
