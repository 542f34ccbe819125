package io.agentopia.toolbox.provisioner.work;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;

/**
 * Work that one instance does at a time: whoever holds the lease. A lease outlives a crash by its
 * length at most.
 */
public interface Leases {

  /**
   * @return whether this instance holds the lease now
   */
  Uni<Boolean> take(String name, Duration length);

  /** Whether a lease's holder, as it is stored, is this instance. */
  boolean isMine(String holder);

  /** The leased work was done at that time; other instances go by it too. */
  Uni<Void> done(String name, Instant at);
}
