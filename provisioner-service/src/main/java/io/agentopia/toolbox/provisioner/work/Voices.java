package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Set;

/**
 * Whose agents spoke of late: evidence that depends on no database of ours. Asked before a droplet
 * is given up, so seldom.
 */
public interface Voices {

  /**
   * @return ids of those droplets whose toolbox's agent, of the droplet's own generation, was heard
   */
  Uni<Set<Long>> of(Collection<Listed> droplets);
}
