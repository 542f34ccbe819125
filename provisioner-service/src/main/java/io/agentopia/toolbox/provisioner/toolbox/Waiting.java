package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a toolbox waits for, so that nobody has to guess whether it is well: a droplet that never
 * boots looks like one that takes its time, until its deadline. Pure.
 *
 * @param what stable, for programs: droplet, address, agent_join, agent_health or droplet_deletion
 * @param since when it began
 * @param until when it is given up; null: never
 * @param nextAt when it is tried again, where it is tried; null: it is only waited
 * @param then what follows when it is given up
 */
public record Waiting(String what, Instant since, Instant until, Instant nextAt, String then) {
  private static final String ONCE_MORE = "it is tried once more with a new droplet";
  private static final String GIVEN_UP = "it is given up, and the droplet is removed";

  /** Empty where nothing is waited for. */
  public static Optional<Waiting> of(Toolbox toolbox, Deadlines deadlines) {
    var boot = toolbox.failedBoots() == 0 ? ONCE_MORE : GIVEN_UP;
    return Optional.ofNullable(
        switch (toolbox.state()) {
          case Creating s ->
              waiting("droplet", s.deadline(), deadlines.create(), s.notBefore(), GIVEN_UP);
          case Booting s -> waiting("address", s.deadline(), deadlines.boot(), null, boot);
          case AwaitingHeartbeat s ->
              s.agent() == null
                  ? waiting("agent_join", s.deadline(), deadlines.join(), null, boot)
                  : waiting("agent_health", s.deadline(), deadlines.join(), null, GIVEN_UP);
          case Replacing s -> deletion(s.removal(), s.deadline(), deadlines);
          case Deprovisioning s -> deletion(s.removal(), s.deadline(), deadlines);
          case ErrorDeprovisioning s ->
              new Waiting("droplet_deletion", null, null, s.removal().notBefore(), null);
          case Active _, Unresponsive _ -> null;
          case PendingProvision _, PendingDeprovision _ -> null;
          case ErrorProvisioning _, Deprovisioned _ -> null;
        });
  }

  private static Waiting deletion(Removal removal, Instant deadline, Deadlines deadlines) {
    return waiting(
        "droplet_deletion",
        deadline,
        deadlines.remove(),
        removal.notBefore(),
        "it is told as an error, and tried again every 10 min");
  }

  private static Waiting waiting(
      String what, Instant deadline, Duration patience, Instant nextAt, String then) {
    return new Waiting(what, deadline.minus(patience), deadline, nextAt, then);
  }
}
