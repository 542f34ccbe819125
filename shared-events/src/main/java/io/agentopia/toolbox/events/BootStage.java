package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A stage on a droplet's way to a healthy agent, in the order in which they normally come. */
public enum BootStage {
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

  /** The lower-case name used in JSON, in the database and in the API. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static BootStage fromWire(String wire) {
    return Arrays.stream(values())
        .filter(v -> v.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + wire + "' is none of " + allowed()));
  }

  private static String allowed() {
    return Arrays.stream(values()).map(BootStage::wire).collect(Collectors.joining(", "));
  }
}
