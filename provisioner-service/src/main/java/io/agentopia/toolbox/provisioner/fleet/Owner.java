package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
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
    return switch (toolbox.state()) {
      case PendingProvision s -> owner(toolbox, null, Claim.GENERATION, since);
      case Creating s -> owner(toolbox, null, Claim.GENERATION, since);
      case Booting s -> owner(toolbox, s.dropletId(), Claim.ONE, since);
      case AwaitingHeartbeat s -> owner(toolbox, s.dropletId(), Claim.ONE, since);
      case Active s -> owner(toolbox, s.dropletId(), Claim.ONE, since);
      case Unresponsive s -> owner(toolbox, s.dropletId(), Claim.ONE, since);
      case ErrorProvisioning s -> removing(toolbox, s.cleanup(), Claim.NONE_FAILED, since);
      case Replacing s -> removing(toolbox, s.removal(), Claim.ALL, since);
      case PendingDeprovision s -> removing(toolbox, s.removal(), Claim.ALL, since);
      case Deprovisioning s -> removing(toolbox, s.removal(), Claim.ALL, since);
      case ErrorDeprovisioning s -> removing(toolbox, s.removal(), Claim.ALL, since);
      case Deprovisioned s -> removing(toolbox, s.leftover(), Claim.NONE_DELETED, since);
    };
  }

  private static Owner removing(Toolbox toolbox, Removal removal, Claim ifDone, Instant since) {
    return removal == null
        ? owner(toolbox, null, ifDone, since)
        : owner(toolbox, removal.dropletId(), Claim.ALL, since);
  }

  private static Owner owner(Toolbox toolbox, Long dropletId, Claim claim, Instant since) {
    return new Owner(toolbox.id(), toolbox.generation(), dropletId, claim, since);
  }
}
