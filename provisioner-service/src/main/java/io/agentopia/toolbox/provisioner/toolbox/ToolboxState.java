package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a toolbox stands. Each record holds what is known in that state and nothing else, so a
 * state cannot lack what its next step needs. Every waiting state has a deadline.
 */
public sealed interface ToolboxState {

  ToolboxStatus status();

  /** Of every state there is. */
  static Set<Class<?>> records() {
    return records(ToolboxState.class).collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<Class<?>> records(Class<?> sealed) {
    return sealed.isRecord()
        ? Stream.of(sealed)
        : Arrays.stream(sealed.getPermittedSubclasses()).flatMap(ToolboxState::records);
  }

  /** Why it is in an error; null: it is in none. */
  default Trouble trouble() {
    return null;
  }

  /** Has a droplet, as far as is known. */
  sealed interface HasDroplet extends ToolboxState {
    long dropletId();

    /** Null until it has joined. */
    Agent agent();
  }

  /** Has a droplet whose address is known. */
  sealed interface HasAddress extends HasDroplet {
    String ipv4();

    HasAddress at(String newIpv4);
  }

  /** Has no droplet that anything could be heard of. */
  sealed interface NoDroplet extends ToolboxState {
    /** In a few words, for whoever wonders. */
    String why();
  }

  /** May have something left in the cloud that must go. */
  sealed interface Removes extends NoDroplet {
    /** Null: nothing is left. */
    Removal removal();

    Removes with(Removal removal);

    @Override
    default String why() {
      return "the droplet is being removed";
    }
  }

  /** Is on its way out. */
  sealed interface Leaving extends Removes {}

  /** Is given up when its time is over. */
  sealed interface Timed extends ToolboxState {
    Instant deadline();
  }

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

    /** Another attempt was made. */
    Removal attempted(Instant next) {
      return new Removal(dropletId, maybeUntil, attempts + 1, next);
    }
  }

  /**
   * @param replaces the droplet of the generation before, or null
   */
  record PendingProvision(Long replaces) implements NoDroplet {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PENDING_PROVISION;
    }

    @Override
    public String why() {
      return "no droplet is expected yet";
    }

    Creating begun(Instant now, Instant deadline) {
      return new Creating(replaces, 0, false, now, now, deadline);
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
      implements NoDroplet, Timed {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }

    @Override
    public String why() {
      return "no droplet is known yet";
    }

    /** A request is about to go out. */
    Creating attempted(Instant now, Instant unseenUntil) {
      return new Creating(replaces, attempts + 1, true, unseenUntil, now, deadline);
    }

    /** It may have been made, and is looked for next. */
    Creating unsure(Instant unseenUntil, Instant next) {
      return new Creating(replaces, attempts, true, unseenUntil, next, deadline);
    }

    /** None was made, and one is asked for next. */
    Creating notMade(Instant now, Instant next) {
      return new Creating(replaces, attempts, false, now, next, deadline);
    }

    /** The cloud could not be asked. */
    Creating lookUpFailed(Instant next) {
      return new Creating(replaces, attempts + 1, true, lookUpUntil, next, deadline);
    }
  }

  /**
   * The cloud has the droplet; its address is not known yet. {@code agent} may already have joined.
   */
  record Booting(long dropletId, boolean active, Agent agent, Instant deadline)
      implements HasDroplet, Timed {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }
  }

  /**
   * @param agent null until it has joined
   */
  record AwaitingHeartbeat(long dropletId, String ipv4, Agent agent, Instant deadline)
      implements HasAddress, Timed {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.AWAITING_HEARTBEAT;
    }

    @Override
    public AwaitingHeartbeat at(String newIpv4) {
      return new AwaitingHeartbeat(dropletId, newIpv4, agent, deadline);
    }
  }

  record Active(long dropletId, String ipv4, Agent agent) implements HasAddress {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ACTIVE;
    }

    @Override
    public Active at(String newIpv4) {
      return new Active(dropletId, newIpv4, agent);
    }
  }

  record Unresponsive(long dropletId, String ipv4, Agent agent, String reason, boolean lost)
      implements HasAddress {
    static Unresponsive lost(HasAddress s) {
      return new Unresponsive(s.dropletId(), s.ipv4(), s.agent(), "droplet_lost", true);
    }

    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.UNRESPONSIVE;
    }

    @Override
    public Unresponsive at(String newIpv4) {
      return new Unresponsive(dropletId, newIpv4, agent, reason, lost);
    }
  }

  /**
   * @param cleanup what may still cost money, or null when nothing is left
   */
  record ErrorProvisioning(Trouble trouble, Removal cleanup) implements Removes {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ERROR_PROVISIONING;
    }

    @Override
    public Removal removal() {
      return cleanup;
    }

    @Override
    public ErrorProvisioning with(Removal removal) {
      return new ErrorProvisioning(trouble, removal);
    }
  }

  /** The old droplet goes before the new one is asked for: never two at a time. */
  record Replacing(Long oldDropletId, Removal removal, Instant deadline) implements Removes, Timed {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PROVISIONING;
    }

    @Override
    public Replacing with(Removal next) {
      return new Replacing(oldDropletId, next, deadline);
    }
  }

  record PendingDeprovision(Removal removal) implements Leaving {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.PENDING_DEPROVISION;
    }

    @Override
    public PendingDeprovision with(Removal next) {
      return new PendingDeprovision(next);
    }
  }

  record Deprovisioning(Removal removal, Instant deadline) implements Leaving, Timed {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.DEPROVISIONING;
    }

    @Override
    public Deprovisioning with(Removal next) {
      return new Deprovisioning(next, deadline);
    }
  }

  record ErrorDeprovisioning(Trouble trouble, Removal removal) implements Leaving {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.ERROR_DEPROVISIONING;
    }

    @Override
    public ErrorDeprovisioning with(Removal next) {
      return new ErrorDeprovisioning(trouble, next);
    }
  }

  /**
   * @param leftover a droplet that a forced deletion left behind or that turned up afterwards, or
   *     null; it is still removed
   */
  record Deprovisioned(Removal leftover) implements Removes {
    @Override
    public ToolboxStatus status() {
      return ToolboxStatus.DEPROVISIONED;
    }

    @Override
    public Removal removal() {
      return leftover;
    }

    @Override
    public Deprovisioned with(Removal removal) {
      return new Deprovisioned(removal);
    }

    @Override
    public String why() {
      return "the toolbox is deleted";
    }
  }
}
