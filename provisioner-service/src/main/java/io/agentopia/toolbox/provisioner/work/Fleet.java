package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.Owner;
import io.agentopia.toolbox.provisioner.fleet.WatchPace.Standing;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The fleet as its watch reads it, outside any unit of work. */
public interface Fleet {

  /**
   * Who watches, and what the pace of looking depends on.
   *
   * @param leader the instance that has the lease, or had it last; null before the first look
   * @param lastLook by whichever instance; the epoch before the first
   */
  record Watch(String leader, Instant ledUntil, Instant lastLook, Standing standing) {}

  /**
   * @param lease of the watch
   * @param bootDeadline of a droplet for its address
   */
  Uni<Watch> watch(String lease, Duration bootDeadline);

  /** Toolboxes whose droplet the cloud should list, and about which its list may say something. */
  Uni<List<Watched>> watched();

  /** Who may own the droplets: the toolboxes that know them, and those that their tags name. */
  Uni<List<Owner>> owners(List<Listed> droplets);
}
