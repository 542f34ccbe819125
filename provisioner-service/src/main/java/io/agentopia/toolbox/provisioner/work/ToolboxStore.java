package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** Toolboxes at rest. Everything here is part of the unit of work under way. */
public interface ToolboxStore {

  /** Null where there is none. */
  Uni<Toolbox> find(UUID id);

  /** Live toolbox of that name in the account, or null. */
  Uni<Toolbox> findByName(String accountId, String name);

  /** Those about to be looked for by {@link #find}. */
  Uni<Void> readTogether(Collection<UUID> ids);

  /**
   * @param nextAt when its next step is due, or null
   */
  Uni<Void> insert(Toolbox toolbox, Instant nextAt);

  /**
   * Of one that was read in this unit of work, as a whole.
   *
   * @param nextAt when its next step is due, or null
   */
  Uni<Void> save(Toolbox toolbox, Instant nextAt);

  /** As {@link #save(Toolbox, Instant)}; its next step stays due when it is. */
  Uni<Void> save(Toolbox toolbox);

  /** When the next step is due; null: none is. Cheap: an index holds only toolboxes that wait. */
  Uni<Instant> nextDue();

  /**
   * Takes up toolboxes whose step is due, so that no other instance does before {@code until}; what
   * another has just locked is passed over. Accounts take turns: the hundredth of one waits behind
   * the first of another, for a permit and so for the cloud's budget.
   */
  Uni<Claimed<Toolbox>> claim(int most, Instant now, Instant until);

  /** Whether there is any, deleted ones too. */
  Uni<Boolean> hasAny();
}
