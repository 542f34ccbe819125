package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep;
import java.util.List;
import java.util.UUID;

/**
 * How droplets are marked in the cloud, so that each can be found without a row of ours, and the
 * whole fleet with one list.
 */
public final class Tags {
  /** A droplet that no toolbox owns, and that will be deleted. */
  public static final String QUARANTINED = OrphanSweep.MARK;

  private Tags() {}

  public static String of(UUID toolboxId) {
    return Listed.TOOLBOX + toolboxId;
  }

  /**
   * @param fleet the tag that all droplets of this installation carry
   */
  public static List<String> of(String fleet, UUID toolboxId, long generation) {
    return List.of(fleet, of(toolboxId), Listed.GENERATION + generation);
  }
}
