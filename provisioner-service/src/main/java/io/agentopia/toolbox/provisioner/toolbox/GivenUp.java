package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.util.Optional;

/**
 * A wish that was accepted and then could not be fulfilled: it becomes a dead letter, which an
 * operator can replay once the cause is mended. It names the generation that failed, so that it is
 * stale as soon as anybody has started another.
 */
public record GivenUp(ToolboxRequest wish, Trouble trouble, int attempts) {

  /** What the change gives up; empty for every change that does not end in an error. */
  public static Optional<GivenUp> of(Toolbox before, Toolbox after) {
    return before.status() == after.status() ? Optional.empty() : of(before.state(), after);
  }

  private static Optional<GivenUp> of(ToolboxState before, Toolbox after) {
    return switch (after.state()) {
      case ErrorProvisioning s ->
          Optional.of(new GivenUp(creation(after), s.trouble(), attempts(before)));
      case ErrorDeprovisioning s ->
          Optional.of(new GivenUp(deletion(after), s.trouble(), attempts(before)));
      case HasDroplet _ -> Optional.empty();
      case PendingProvision _, Creating _, Replacing _ -> Optional.empty();
      case PendingDeprovision _, Deprovisioning _, Deprovisioned _ -> Optional.empty();
    };
  }

  private static ToolboxRequested creation(Toolbox t) {
    return new ToolboxRequested(
        new Subject(t.id(), t.accountId(), t.generation(), 0), t.name(), t.region(), t.size());
  }

  private static ToolboxDeletionRequested deletion(Toolbox t) {
    return new ToolboxDeletionRequested(
        new Subject(t.id(), t.accountId(), t.generation(), 0),
        false,
        "a deletion that was given up before");
  }

  private static int attempts(ToolboxState before) {
    return switch (before) {
      case Creating s -> Math.max(1, s.attempts());
      case Deprovisioning s -> Math.max(1, s.removal().attempts());
      case Replacing s -> Math.max(1, s.removal().attempts());
      default -> 1;
    };
  }
}
