package io.agentopia.toolbox.simulator.fleet;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind the droplets. Every call returns at once; for one droplet the orders are
 * carried out one after the other.
 */
public interface Machines {
  void powerUp(Droplet droplet);

  void powerDown(Droplet droplet, boolean graceful);

  void destroy(Droplet droplet);

  /**
   * After a start of the simulator: machines that are to run are taken over or started, and all
   * others are ended.
   */
  void resume(List<Droplet> all);

  /** What the control endpoint tells; empty while the machine has not run since the start. */
  Optional<MachineReport> report(long dropletId);

  /** SIGKILL for the agent; false when none runs. */
  boolean killAgent(long dropletId);

  /** Ends, or leaves alone, what runs; returns when that is done. */
  void close();
}
