package io.agentopia.toolbox.deployer.tool;

import java.util.Locale;

/** What the account wants of a tool: the {@code desired} column, and the manifest's member. */
public enum Desired {
  RUNNING,
  STOPPED,
  REMOVED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Desired fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
