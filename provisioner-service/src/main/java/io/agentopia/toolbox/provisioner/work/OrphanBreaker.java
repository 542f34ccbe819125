package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/** Why the orphan sweep stands still, and what operators have allowed it. */
public interface OrphanBreaker {

  /**
   * @return whether that is news
   */
  Uni<Boolean> hold(Hold hold);

  /**
   * @return whether it was held
   */
  Uni<Boolean> release();

  /** The last one that is still good. */
  Uni<Optional<Allowance>> allowance();

  /** Whether an operator has given any word on orphans since then. */
  Uni<Boolean> wasAllowedSince(Instant since);
}
