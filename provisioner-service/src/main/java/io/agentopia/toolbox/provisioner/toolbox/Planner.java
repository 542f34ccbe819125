package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.provisioner.toolbox.Step.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;

/** Decides from the stored state alone what is to be done next, and when. Pure. */
public final class Planner {
  private Planner() {}

  public static Step next(Toolbox toolbox, Instant now) {
    return switch (toolbox.state()) {
      case PendingProvision s -> new CreateDroplet();
      case Creating s -> creating(s, now);
      case Booting s -> untilDeadline(s.deadline(), now);
      case AwaitingHeartbeat s -> untilDeadline(s.deadline(), now);
      case Active s -> new Wait(null);
      case Unresponsive s -> new Wait(null);
      case ErrorProvisioning s -> s.cleanup() == null ? new Wait(null) : removing(s.cleanup(), now);
      case Replacing s -> isOver(s.deadline(), now) ? expired() : removing(s.removal(), now);
      case PendingDeprovision s -> new Step.Record(new Fact.RemovalStarted());
      case Deprovisioning s -> isOver(s.deadline(), now) ? expired() : removing(s.removal(), now);
      case Deprovisioned s -> s.leftover() == null ? new Wait(null) : removing(s.leftover(), now);
      // What nobody needs any more costs money for as long as it stands.
      case ErrorDeprovisioning s -> removing(s.removal(), now);
    };
  }

  /**
   * When {@link #next} will have something to do: {@code now} for at once, null for never without a
   * new fact.
   */
  public static Instant dueAt(Toolbox toolbox, Instant now) {
    return next(toolbox, now) instanceof Wait wait ? wait.at() : now;
  }

  private static Step creating(Creating s, Instant now) {
    if (isOver(s.deadline(), now)) {
      return expired();
    }
    if (now.isBefore(s.notBefore())) {
      return new Wait(s.notBefore());
    }
    return s.mayExist() ? new LookUpDroplet() : new CreateDroplet();
  }

  private static Step removing(Removal removal, Instant now) {
    return now.isBefore(removal.notBefore())
        ? new Wait(removal.notBefore())
        : new RemoveDroplets(removal);
  }

  private static Step untilDeadline(Instant deadline, Instant now) {
    return isOver(deadline, now) ? expired() : new Wait(deadline);
  }

  private static boolean isOver(Instant deadline, Instant now) {
    return !now.isBefore(deadline);
  }

  private static Step expired() {
    return new Step.Record(new Fact.DeadlinePassed());
  }
}
