package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;
import java.util.UUID;

/**
 * Which droplets a toolbox may own.
 *
 * @param dropletId the one it knows, or null
 * @param since it may have owned more before: a list can still show what it has just deleted
 */
public record Owner(UUID toolboxId, long generation, Long dropletId, Claim claim, Instant since) {

  public enum Claim {
    /** The droplet it knows, no other. */
    ONE,
    /** Any of its generation: it may be asking for one right now, and will adopt what it finds. */
    GENERATION,
    /** All that carry its tag: it is removing them itself, or has told people that it cannot. */
    ALL,
    /** None: it could not be provisioned, and what was left is gone. */
    NONE_FAILED,
    /** None: it is deleted. */
    NONE_DELETED
  }

  public static Owner of(Toolbox toolbox, Instant since) {
    return of(toolbox.id(), toolbox.generation(), toolbox.state(), since);
  }

  /** Of as much of a toolbox as it depends on. */
  public static Owner of(UUID toolboxId, long generation, ToolboxState state, Instant since) {
    var droplets = droplets(state);
    return new Owner(toolboxId, generation, droplets.known(), droplets.claim(), since);
  }

  private record Droplets(Long known, Claim claim) {}

  private static Droplets droplets(ToolboxState state) {
    return switch (state) {
      case PendingProvision _, Creating _ -> new Droplets(null, Claim.GENERATION);
      case HasDroplet s -> new Droplets(s.dropletId(), Claim.ONE);
      case ErrorProvisioning s -> removing(s.cleanup(), Claim.NONE_FAILED);
      case Replacing s -> removing(s.removal(), Claim.ALL);
      case Leaving s -> removing(s.removal(), Claim.ALL);
      case Deprovisioned s -> removing(s.leftover(), Claim.NONE_DELETED);
    };
  }

  private static Droplets removing(Removal removal, Claim ifDone) {
    return removal == null
        ? new Droplets(null, ifDone)
        : new Droplets(removal.dropletId(), Claim.ALL);
  }
}
