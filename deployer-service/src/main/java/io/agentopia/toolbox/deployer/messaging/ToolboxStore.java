package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.ToolboxTools;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Toolboxes with their tools. To open one locks it until the unit of work ends, so that whatever
 * comes in about a toolbox, from whichever topic, is decided one after the other. All methods need
 * a unit of work of the caller's.
 */
public interface ToolboxStore {

  /** Makes the row, unless somebody else was faster. */
  Uni<Void> hearOf(Toolbox toolbox);

  /** Locks those that are there, in the order of their ids; to open one of them costs less then. */
  Uni<Void> lock(List<UUID> toolboxIds);

  /**
   * Locks the toolbox and reads it with its tools that are not removed.
   *
   * @param alsoTool one to be read even if it is removed, or null
   */
  Uni<Optional<ToolboxTools>> open(UUID toolboxId, UUID alsoTool);

  /** As {@link #open}, but empty when somebody else is at it. */
  Uni<Optional<ToolboxTools>> openIfFree(UUID toolboxId);

  /** Toolboxes with an instance whose deadline has passed, those due longest first; no locks. */
  Uni<List<UUID>> due(Instant now, int most);

  /** Toolboxes whose manifest was published by nobody yet; no locks. */
  Uni<List<UUID>> untold(int most);

  /** Toolboxes whose numbers are of a life before the last restore; no locks. */
  Uni<List<UUID>> below(long floor, int most);

  /** The toolbox a tool instance is on, wherever that is. */
  Uni<Optional<UUID>> toolboxOf(UUID toolInstanceId);

  Uni<Void> save(Decision.Decided decided, Instant now);
}
