package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;

/**
 * Where a toolbox stands. Each record holds what is known in that state and nothing else, so a
 * state cannot lack what its next step needs. Every waiting state has a deadline.
 */
public sealed interface ToolboxState {

  ToolboxStatus status();

  /** The agent that joined from the droplet. */
  record Agent(String version, int port) {}

  /** Why it went wrong: a stable code, a sentence, and what to do next. */
  record Trouble(String code, String message, String action) {}

  /**
   * Droplets of this toolbox that must go.
   *
   * @param dropletId the one that is known, or null
   * @param maybeUntil until then a droplet may exist that no list shows yet (an unsure create)
   * @param attempts made so far
   * @param notBefore of the next attempt
   */
  record Removal(Long dropletId, Instant maybeUntil, int attempts, Instant notBefore) {
    static Removal of(Long dropletId, Instant maybeUntil, Instant now) {
      return new Removal(dropletId, maybeUntil, 0, now);
    }
  }

  /**
   * @param replaces the droplet of the generation before, or null
   */
  record PendingProvision(Long replaces) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PENDING_PROVISION;
    }
  }

  /**
   * A droplet is being asked for. {@code mayExist} is stored before each request goes out: after a
   * crash or an unsure answer the cloud is asked first, and only when it has shown none until
   * {@code lookUpUntil} is the request repeated.
   */
  record Creating(
      Long replaces,
      int attempts,
      boolean mayExist,
      Instant lookUpUntil,
      Instant notBefore,
      Instant deadline)
      implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }
  }

  /**
   * The cloud has the droplet; its address is not known yet. {@code agent} may already have joined.
   */
  record Booting(long dropletId, boolean active, Agent agent, Instant deadline)
      implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }
  }

  /**
   * @param agent null until it has joined
   */
  record AwaitingHeartbeat(long dropletId, String ipv4, Agent agent, Instant deadline)
      implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.AWAITING_HEARTBEAT;
    }
  }

  record Active(long dropletId, String ipv4, Agent agent) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ACTIVE;
    }
  }

  record Unresponsive(long dropletId, String ipv4, Agent agent, String reason, boolean lost)
      implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.UNRESPONSIVE;
    }
  }

  /**
   * @param cleanup what may still cost money, or null when nothing is left
   */
  record ErrorProvisioning(Trouble trouble, Removal cleanup) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ERROR_PROVISIONING;
    }
  }

  /** The old droplet goes before the new one is asked for: never two at a time. */
  record Replacing(Long oldDropletId, Removal removal, Instant deadline) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }
  }

  record PendingDeprovision(Removal removal) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PENDING_DEPROVISION;
    }
  }

  record Deprovisioning(Removal removal, Instant deadline) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.DEPROVISIONING;
    }
  }

  /**
   * @param leftover a droplet that a forced deletion left behind or that turned up afterwards, or
   *     null; it is still removed
   */
  record Deprovisioned(Removal leftover) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.DEPROVISIONED;
    }
  }

  record ErrorDeprovisioning(Trouble trouble, Removal removal) implements ToolboxState {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ERROR_DEPROVISIONING;
    }
  }
}
