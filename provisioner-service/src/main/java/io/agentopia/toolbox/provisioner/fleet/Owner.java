package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.util.UUID;

/**
 * Which droplets a toolbox may own.
 *
 * @param dropletId the one it knows, or null
 */
public record Owner(UUID toolboxId, long generation, Long dropletId, Claim claim) {

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

  public static Owner of(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case PendingProvision s -> owner(toolbox, null, Claim.GENERATION);
      case Creating s -> owner(toolbox, null, Claim.GENERATION);
      case Booting s -> owner(toolbox, s.dropletId(), Claim.ONE);
      case AwaitingHeartbeat s -> owner(toolbox, s.dropletId(), Claim.ONE);
      case Active s -> owner(toolbox, s.dropletId(), Claim.ONE);
      case Unresponsive s -> owner(toolbox, s.dropletId(), Claim.ONE);
      case ErrorProvisioning s -> removing(toolbox, s.cleanup(), Claim.NONE_FAILED);
      case Replacing s -> removing(toolbox, s.removal(), Claim.ALL);
      case PendingDeprovision s -> removing(toolbox, s.removal(), Claim.ALL);
      case Deprovisioning s -> removing(toolbox, s.removal(), Claim.ALL);
      case ErrorDeprovisioning s -> removing(toolbox, s.removal(), Claim.ALL);
      case Deprovisioned s -> removing(toolbox, s.leftover(), Claim.NONE_DELETED);
    };
  }

  private static Owner removing(Toolbox toolbox, Removal removal, Claim ifDone) {
    return removal == null
        ? owner(toolbox, null, ifDone)
        : owner(toolbox, removal.dropletId(), Claim.ALL);
  }

  private static Owner owner(Toolbox toolbox, Long dropletId, Claim claim) {
    return new Owner(toolbox.id(), toolbox.generation(), dropletId, claim);
  }
}
