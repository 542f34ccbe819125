package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A stage on a droplet's way to a healthy agent, in the order in which they normally come. */
public enum BootStage implements WireName {
  ACCEPTED,
  DROPLET_CREATED,
  DROPLET_ACTIVE,
  /** The droplet's public address became known or changed. */
  ADDRESS,
  CLOUD_INIT,
  DOCKER,
  IMAGE_PULL,
  AGENT_STARTING,
  JOINED,
  READY,
  HEALTHY,
  /** A stage failed; the detail says which and why, and the event has the end of the log. */
  FAILED;

  @JsonCreator
  public static BootStage fromWire(String wire) {
    return WireName.of(BootStage.class, wire);
  }
}
