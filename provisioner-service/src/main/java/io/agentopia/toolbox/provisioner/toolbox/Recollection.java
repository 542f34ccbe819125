package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;
import java.util.Optional;

/**
 * What a toolbox became after the dump, by what was told of it then: its present state as far as
 * its events show it, from which its lifecycle goes on. Where they leave a step open it is begun
 * again in a way that asks the cloud first, so nothing is made twice. Pure: time is passed in.
 */
public final class Recollection {
  private final Deadlines deadlines;

  public Recollection(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  /** As much of a droplet as a state holds. */
  private record Droplet(Long id, String ipv4, Agent agent) {
    static final Droplet NONE = new Droplet(null, null, null);

    static Droplet of(ToolboxState state) {
      return switch (state) {
        case HasAddress s -> new Droplet(s.dropletId(), s.ipv4(), s.agent());
        case Booting s -> new Droplet(s.dropletId(), null, s.agent());
        case Removes s -> of(s.removal());
        case PendingProvision _, Creating _ -> NONE;
      };
    }

    private static Droplet of(Removal removal) {
      return removal == null ? NONE : new Droplet(removal.dropletId(), null, null);
    }

    Droplet after(ToolboxLifecycle event) {
      return switch (event) {
        case DropletCreated e -> new Droplet(e.dropletId(), null, null);
        case DropletReplaced e -> new Droplet(e.newDropletId(), null, null);
        case DtmaJoined e -> new Droplet(id, ipv4, new Agent(e.agentVersion(), e.agentPort()));
        case DropletReady e ->
            new Droplet(e.dropletId(), e.ipv4(), new Agent(version(), e.agentPort()));
        case DropletLost e -> new Droplet(e.dropletId(), ipv4, agent);
        case DropletRebooted e -> this;
        case ToolboxAccepted e -> this;
        case ToolboxRejected e -> this;
        case ToolboxStatusChanged e -> this;
        case ProvisioningDelayed e -> this;
        case ToolboxFailed e -> this;
        case ToolboxDeleted e -> NONE;
      };
    }

    private String version() {
      return agent == null ? null : agent.version();
    }

    boolean isReady() {
      return id != null && ipv4 != null && agent != null;
    }
  }

  /**
   * @param known what the database has of it, or null
   * @param at when it was told
   * @return empty when the event is no news, or tells too little to begin with
   */
  public Optional<Toolbox> after(Toolbox known, ToolboxLifecycle event, Instant at, Instant now) {
    if (known == null) {
      return event instanceof ToolboxAccepted e ? Optional.of(accepted(e, at)) : Optional.empty();
    }
    if (event.sequence() <= known.sequence() || event.generation() < known.generation()) {
      return Optional.empty();
    }
    return Optional.of(
        known.told(
            event.generation(), event.sequence(), known.bootSequence(), state(known, event, now)));
  }

  private static Toolbox accepted(ToolboxAccepted e, Instant at) {
    return new Toolbox(
        e.toolboxId(),
        e.accountId(),
        e.name(),
        e.region(),
        e.size(),
        e.generation(),
        new Toolbox.Told(e.sequence(), 0, 0),
        0,
        null,
        at,
        new PendingProvision(null));
  }

  private ToolboxState state(Toolbox known, ToolboxLifecycle event, Instant now) {
    var before = Droplet.of(known.state());
    if (event.generation() > known.generation() && !(event instanceof DropletCreated)) {
      return replacing(before, event, now);
    }
    var droplet = before.after(event);
    return switch (event.status()) {
      case PENDING_PROVISION -> new PendingProvision(null);
      case PROVISIONING -> provisioning(known.state(), droplet, event, now);
      case AWAITING_HEARTBEAT ->
          droplet.isReady()
              ? new AwaitingHeartbeat(
                  droplet.id(), droplet.ipv4(), droplet.agent(), now.plus(deadlines.join()))
              : provisioning(known.state(), droplet, event, now);
      case ACTIVE ->
          droplet.isReady()
              ? new Active(droplet.id(), droplet.ipv4(), droplet.agent())
              : known.state();
      case UNRESPONSIVE ->
          droplet.isReady() ? unresponsive(known.state(), droplet, event) : known.state();
      case ERROR_PROVISIONING ->
          new ErrorProvisioning(trouble(event), Removal.of(droplet.id(), seen(now), now));
      case PENDING_DEPROVISION, DEPROVISIONING ->
          new PendingDeprovision(Removal.of(droplet.id(), seen(now), now));
      case ERROR_DEPROVISIONING ->
          new ErrorDeprovisioning(trouble(event), Removal.of(droplet.id(), seen(now), now));
      case DEPROVISIONED -> new Deprovisioned(null);
    };
  }

  /** The old droplet goes before a new one is asked for; of the new one nothing was told yet. */
  private ToolboxState replacing(Droplet old, ToolboxLifecycle event, Instant now) {
    return new Replacing(
        old.id(), Removal.of(old.id(), seen(now), now), now.plus(deadlines.remove()));
  }

  private ToolboxState provisioning(
      ToolboxState before, Droplet droplet, ToolboxLifecycle event, Instant now) {
    if (before instanceof Replacing && !(event instanceof DropletCreated)) {
      return before;
    }
    return droplet.id() == null
        ? new Creating(null, 0, true, seen(now), now, now.plus(deadlines.create()))
        : new Booting(droplet.id(), false, droplet.agent(), now.plus(deadlines.boot()));
  }

  private static ToolboxState unresponsive(
      ToolboxState before, Droplet droplet, ToolboxLifecycle event) {
    var isLost =
        event instanceof DropletLost
            || !(event instanceof DropletReady) && before instanceof Unresponsive s && s.lost();
    var reason =
        event instanceof ToolboxStatusChanged e && e.reason() != null
            ? e.reason()
            : isLost ? "droplet_lost" : "droplet_found";
    return new Unresponsive(droplet.id(), droplet.ipv4(), droplet.agent(), reason, isLost);
  }

  /** Only a loss is told with an error's status before the error itself is. */
  private static Trouble trouble(ToolboxLifecycle event) {
    return event instanceof ToolboxFailed e
        ? new Trouble(e.code(), e.message(), e.action())
        : new Trouble(
            "droplet_disappeared",
            "The droplet of toolbox " + event.toolboxId() + " disappeared before it was ready.",
            "Recreate the toolbox.");
  }

  /** From then on the cloud's list shows whatever was made. */
  private Instant seen(Instant now) {
    return now.plus(deadlines.listingLag());
  }
}
