package io.agentopia.toolbox.provisioner.cloud;

import java.util.List;
import java.util.UUID;

/**
 * How droplets are marked in the cloud, so that each can be found without a row of ours, and the
 * whole fleet with one list.
 */
public final class Tags {
  public static final String FLEET = "agentopia-toolbox";

  private Tags() {}

  public static String of(UUID toolboxId) {
    return "toolbox:" + toolboxId;
  }

  public static List<String> of(UUID toolboxId, long generation) {
    return List.of(FLEET, of(toolboxId), "gen:" + generation);
  }
}
