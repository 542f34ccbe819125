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

    record Rename(String name) implements Request {}

    record Resize(String size) implements Request {}

    record Rebuild(long imageId) implements Request {}

    record EnableBackups() implements Request {}

    record DisableBackups() implements Request {}

    record EnableIpv6() implements Request {}

    record PasswordReset() implements Request {}

    /** DigitalOcean's word. */
    default String type() {
      return switch (this) {
        case Create() -> "create";
        case PowerOn() -> "power_on";
        case PowerOff() -> "power_off";
        case Shutdown() -> "shutdown";
        case Reboot() -> "reboot";
        case PowerCycle() -> "power_cycle";
        case Rename(var _) -> "rename";
        case Resize(var _) -> "resize";
        case Rebuild(var _) -> "rebuild";
        case EnableBackups() -> "enable_backups";
        case DisableBackups() -> "disable_backups";
        case EnableIpv6() -> "enable_ipv6";
        case PasswordReset() -> "password_reset";
      };
    }
  }
}
