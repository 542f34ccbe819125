package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Kept;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.State;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;

/** Droplets without an owner at rest: what was found, and what became of it. */
public interface OrphanDroplets {

  /** Those in quarantine, and those of the droplets given that were ever found. */
  Uni<List<Kept>> kept(Collection<Long> dropletIds);

  /** Changes nothing of one that is in quarantine or deleted already. */
  Uni<Void> quarantine(Listed droplet, String reason);

  Uni<Void> become(long dropletId, State state);
}
