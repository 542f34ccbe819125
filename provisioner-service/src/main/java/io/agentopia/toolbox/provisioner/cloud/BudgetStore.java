package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.smallrye.mutiny.Uni;
import java.util.function.UnaryOperator;

/** A {@link RateBudget} at rest, which all instances share. */
public interface BudgetStore {

  /**
   * Stores what the decision makes of the budget. The decision may be asked several times; the last
   * time counts, and always speaks of what is stored.
   *
   * @return what is stored now
   */
  Uni<RateBudget> change(UnaryOperator<RateBudget> decision);
}
