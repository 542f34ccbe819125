package io.agentopia.toolbox.provisioner.cloud;

import java.util.List;
import java.util.UUID;

/**
 * How droplets are marked in the cloud, so that each can be found without a row of ours, and the
 * whole fleet with one list.
 */
public final class Tags {
  /** Which generation of the toolbox's droplets it is. */
  public static final String GENERATION = "gen:";

  public static final String TOOLBOX = "toolbox:";

  /** A droplet that no toolbox owns, and that will be deleted. */
  public static final String QUARANTINED = "quarantined";

  private Tags() {}

  public static String of(UUID toolboxId) {
    return TOOLBOX + toolboxId;
  }

  /**
   * @param fleet the tag that all droplets of this installation carry
   */
  public static List<String> of(String fleet, UUID toolboxId, long generation) {
    return List.of(fleet, of(toolboxId), GENERATION + generation);
  }
}
