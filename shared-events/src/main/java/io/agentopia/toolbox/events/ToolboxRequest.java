package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * Wishes about toolboxes, on {@link Topics#TOOLBOX_REQUESTS}: written by the API gateway or by any
 * other gateway.
 */
public sealed interface ToolboxRequest extends Event {

  /**
   * An account wants a toolbox. The requester chooses {@code toolboxId} (a UUID), which makes the
   * request idempotent.
   *
   * @param name unique within the account, see {@link Rules#NAME}
   * @param region DigitalOcean region slug, for example {@code nyc3}
   * @param size DigitalOcean size slug, for example {@code s-1vcpu-1gb}
   */
  record ToolboxRequested(@JsonUnwrapped Subject subject, String name, String region, String size)
      implements ToolboxRequest {
    public ToolboxRequested {
      Required.text("name", name);
      Required.text("region", region);
      Required.text("size", size);
    }
  }

  /**
   * The toolbox and its droplet shall go. {@code force} gives up on a droplet the cloud will not
   * delete.
   */
  record ToolboxDeletionRequested(
      @JsonUnwrapped Subject subject, boolean force, @Nullable String reason)
      implements ToolboxRequest {
    public ToolboxDeletionRequested {}
  }

  /** The droplet shall be replaced by a new one of the next generation. */
  record ToolboxRecreationRequested(@JsonUnwrapped Subject subject, @Nullable String reason)
      implements ToolboxRequest {
    public ToolboxRecreationRequested {}
  }
}
