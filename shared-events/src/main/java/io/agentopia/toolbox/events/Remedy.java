package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What can be done about a toolbox that is not well, from the mildest on.
 *
 * @param wire its name; one that a newer writer knows and this reader does not is carried as it is
 */
public record Remedy(@JsonValue String wire) {
  public static final Remedy RESTART_TOOL = new Remedy("restart_tool");
  public static final Remedy RESTART_AGENT = new Remedy("restart_agent");
  public static final Remedy REBOOT_DROPLET = new Remedy("reboot_droplet");
  public static final Remedy RECREATE_DROPLET = new Remedy("recreate_droplet");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Remedy {
    Required.text("remedy", wire);
  }

  @Override
  public String toString() {
    return wire;
  }
}
