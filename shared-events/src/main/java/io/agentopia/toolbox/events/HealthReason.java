package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Why a toolbox is not well: the code of the check that found it, or that its droplet is lost.
 *
 * @param wire its name; one that a newer writer knows and this reader does not is carried as it is
 */
public record HealthReason(@JsonValue String wire) {
  public static final HealthReason HEARTBEAT_MISSING = new HealthReason("heartbeat_missing");
  public static final HealthReason DROPLET_LOST = new HealthReason("droplet_lost");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public HealthReason {
    Required.text("reason", wire);
  }

  @Override
  public String toString() {
    return wire;
  }
}
