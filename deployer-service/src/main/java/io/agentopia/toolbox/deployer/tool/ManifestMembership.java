package io.agentopia.toolbox.deployer.tool;

import java.util.Locale;

/** How a tool instance stands to the manifest of its toolbox. */
public enum ManifestMembership {
  /** It will be in the manifest as soon as the toolbox is healthy; its name is taken. */
  WAITING,
  /** It is in the manifest; its name is taken. */
  LISTED,
  /** It was refused and never gets into the manifest as it is; its name is free. */
  REFUSED,
  /** It has left the manifest for good; its name is free. */
  GONE;

  public boolean holdsName() {
    return this == WAITING || this == LISTED;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ManifestMembership fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
