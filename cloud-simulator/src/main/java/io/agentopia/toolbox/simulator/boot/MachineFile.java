package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.trial.HostImages;
import java.time.Instant;

/**
 * What outlives the simulator of a machine; {@code machine.json} in the droplet's directory.
 *
 * @param pid of the agent's process; 0: none
 * @param startedAt milliseconds since the epoch: with the pid it names one process for all time
 * @param bootId changes whenever the machine is switched on
 * @param firstBootDone user-data runs once in the life of a disk
 * @param dockerHost what the agent was told
 * @param agentPort what the agent was told; 0: what its user-data says
 * @param images the agent's; null as long as none is known
 */
record MachineFile(
    long pid,
    long startedAt,
    String bootId,
    boolean firstBootDone,
    String dockerHost,
    int agentPort,
    HostImages images) {
  static final MachineFile NEW = new MachineFile(0, 0, null, false, null, 0, null);

  MachineFile switchedOn(String newBootId, String newDockerHost, int newAgentPort, Instant now) {
    var rebooted = images == null ? null : images.rebooted(now);
    return new MachineFile(0, 0, newBootId, firstBootDone, newDockerHost, newAgentPort, rebooted);
  }

  MachineFile running(long newPid, long newStartedAt) {
    return new MachineFile(
        newPid, newStartedAt, bootId, firstBootDone, dockerHost, agentPort, images);
  }

  MachineFile booted() {
    return new MachineFile(pid, startedAt, bootId, true, dockerHost, agentPort, images);
  }

  MachineFile withImages(HostImages changed) {
    return new MachineFile(pid, startedAt, bootId, firstBootDone, dockerHost, agentPort, changed);
  }
}
