package io.agentopia.toolbox.simulator.droplet;

import java.time.Instant;

/** The one event that a droplet is busy with; while it lasts the droplet is locked. */
public record Pending(long actionId, Request request, Instant doneAt) {

  /** An action as it was asked for. */
  public sealed interface Request {
    record Create() implements Request {}

    record PowerOn() implements Request {}

    record PowerOff() implements Request {}

    record Shutdown() implements Request {}

    record Reboot() implements Request {}

    record PowerCycle() implements Request {}

    /** DigitalOcean's word. */
    default String type() {
      return switch (this) {
        case Create() -> "create";
        case PowerOn() -> "power_on";
        case PowerOff() -> "power_off";
        case Shutdown() -> "shutdown";
        case Reboot() -> "reboot";
        case PowerCycle() -> "power_cycle";
      };
    }
  }
}
