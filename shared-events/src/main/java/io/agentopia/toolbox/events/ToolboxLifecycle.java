package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a toolbox and its droplet, on {@link Topics#TOOLBOX_LIFECYCLE}: written by the
 * provisioner only. Each carries the {@link ToolboxStatus} that holds after it.
 */
public sealed interface ToolboxLifecycle extends Event {

  ToolboxStatus status();

  record ToolboxAccepted(
      @JsonUnwrapped Subject subject, ToolboxStatus status, String name, String region, String size)
      implements ToolboxLifecycle {
    public ToolboxAccepted {
      Required.value("status", status);
      Required.text("name", name);
      Required.text("region", region);
      Required.text("size", size);
    }
  }

  /**
   * The wish was refused and no row was made for it.
   *
   * @param code stable, for programs
   * @param message what was attempted and found
   * @param action what to do next
   * @param field the field of the request that is at fault, or null
   */
  record ToolboxRejected(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      String code,
      String message,
      @Nullable String action,
      @Nullable String field)
      implements ToolboxLifecycle {
    public ToolboxRejected {
      Required.value("status", status);
      Required.text("code", code);
      Required.text("message", message);
    }
  }

  /** DigitalOcean has accepted the droplet; it is not booted yet. */
  record DropletCreated(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      long dropletId,
      @Nullable String dropletName)
      implements ToolboxLifecycle {
    public DropletCreated {
      Required.value("status", status);
      Required.positive("dropletId", dropletId);
    }
  }

  /** The agent swapped its join token for credentials. */
  record DtmaJoined(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      @Nullable String agentVersion,
      int agentPort)
      implements ToolboxLifecycle {
    public DtmaJoined {
      Required.value("status", status);
      Required.positive("agentPort", agentPort);
    }
  }

  /**
   * The droplet is active, has an address, and its agent has joined. Sent again when the address
   * changes.
   */
  record DropletReady(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      long dropletId,
      String ipv4,
      int agentPort)
      implements ToolboxLifecycle {
    public DropletReady {
      Required.value("status", status);
      Required.positive("dropletId", dropletId);
      Required.text("ipv4", ipv4);
      Required.positive("agentPort", agentPort);
    }
  }

  /** The cloud does not know the droplet any more, and nobody here deleted it. */
  record DropletLost(
      @JsonUnwrapped Subject subject, ToolboxStatus status, long dropletId, @Nullable String reason)
      implements ToolboxLifecycle {
    public DropletLost {
      Required.value("status", status);
      Required.positive("dropletId", dropletId);
    }
  }

  record DropletRebooted(
      @JsonUnwrapped Subject subject, ToolboxStatus status, long dropletId, @Nullable String reason)
      implements ToolboxLifecycle {
    public DropletRebooted {
      Required.value("status", status);
      Required.positive("dropletId", dropletId);
    }
  }

  /**
   * A droplet of a new generation has taken the old one's place; {@code generation} is the new one.
   */
  record DropletReplaced(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      long oldDropletId,
      long newDropletId,
      @Nullable String reason)
      implements ToolboxLifecycle {
    public DropletReplaced {
      Required.value("status", status);
      Required.positive("newDropletId", newDropletId);
    }
  }

  /** The status changed in a way that no other event of this topic tells. */
  record ToolboxStatusChanged(
      @JsonUnwrapped Subject subject, ToolboxStatus status, @Nullable String reason)
      implements ToolboxLifecycle {
    public ToolboxStatusChanged {
      Required.value("status", status);
    }
  }

  /**
   * The cloud could not be asked or did not answer clearly; it is asked again.
   *
   * @param attempt how often it has been tried, from 1
   * @param nextAttemptAt when it is tried again
   * @param givesUpAt when the toolbox ends in an error if nothing has worked until then
   * @param code stable, for programs
   * @param message what was found
   */
  record ProvisioningDelayed(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      int attempt,
      Instant nextAttemptAt,
      Instant givesUpAt,
      String code,
      String message)
      implements ToolboxLifecycle {
    public ProvisioningDelayed {
      Required.value("status", status);
      Required.positive("attempt", attempt);
      Required.value("nextAttemptAt", nextAttemptAt);
      Required.value("givesUpAt", givesUpAt);
      Required.text("code", code);
      Required.text("message", message);
    }
  }

  /** Provisioning or deprovisioning ended in an error; {@code action} says what to do next. */
  record ToolboxFailed(
      @JsonUnwrapped Subject subject,
      ToolboxStatus status,
      String code,
      String message,
      String action)
      implements ToolboxLifecycle {
    public ToolboxFailed {
      Required.value("status", status);
      Required.text("code", code);
      Required.text("message", message);
      Required.text("action", action);
    }
  }

  /** The toolbox is gone, and no droplet of it is left. */
  record ToolboxDeleted(@JsonUnwrapped Subject subject, ToolboxStatus status)
      implements ToolboxLifecycle {
    public ToolboxDeleted {
      Required.value("status", status);
    }
  }
}
