package io.agentopia.toolbox.runtime.restore;

import io.smallrye.mutiny.Uni;

/**
 * Tells the present state of everything again after a restore, with numbers of this life. Called
 * when all that others had told has been handled.
 */
public interface Retelling {
  /**
   * Raises the numbers of some of what is still below, and tells it; in a transaction of its own.
   *
   * @param floor of {@link Incarnation#floor()}
   * @param most so many rows
   * @return how many rows it were; fewer than {@code most}: none is left below
   */
  Uni<Integer> retell(long floor, int most);
}
