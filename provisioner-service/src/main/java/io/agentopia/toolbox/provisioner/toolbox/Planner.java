package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.provisioner.toolbox.Step.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;

/** Decides from the stored state alone what is to be done next, and when. Pure. */
public final class Planner {
  private Planner() {}

  public static Step next(Toolbox toolbox, Instant now) {
    if (toolbox.state() instanceof Timed s && !now.isBefore(s.deadline())) {
      return new Step.Record(new Fact.DeadlinePassed());
    }
    return switch (toolbox.state()) {
      case PendingProvision s -> new CreateDroplet();
      case Creating s when now.isBefore(s.notBefore()) -> new Wait(s.notBefore());
      case Creating s -> s.mayExist() ? new LookUpDroplet() : new CreateDroplet();
      case Booting s -> new Wait(s.deadline());
      case AwaitingHeartbeat s -> new Wait(s.deadline());
      case Active _, Unresponsive _ -> new Wait(null);
      case PendingDeprovision s -> new Step.Record(new Fact.RemovalStarted());
      // What nobody needs any more costs money for as long as it stands, in an error too.
      case Removes s -> s.removal() == null ? new Wait(null) : removing(s.removal(), now);
    };
  }

  /**
   * When {@link #next} will have something to do: {@code now} for at once, null for never without a
   * new fact.
   */
  public static Instant dueAt(Toolbox toolbox, Instant now) {
    return next(toolbox, now) instanceof Wait wait ? wait.at() : now;
  }

  private static Step removing(Removal removal, Instant now) {
    return now.isBefore(removal.notBefore())
        ? new Wait(removal.notBefore())
        : new RemoveDroplets(removal);
  }
}
