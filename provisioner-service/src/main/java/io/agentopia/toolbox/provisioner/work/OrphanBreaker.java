package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/** Why the orphan sweep stands still, and what operators have allowed it. */
public interface OrphanBreaker {

  /**
   * @param upTo so many orphans at a time
   */
  record Allowance(int upTo, String who, String why, Instant at, Instant until) {}

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
