package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.SimulatorConfig.Delays;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * What all machines share.
 *
 * @param stopGrace how long an agent may take to end by itself
 * @param agentPorts a free port for an agent that shares its address with others; 0: the usual one
 */
record MachineParts(
    AgentCommand command,
    DropletDocker docker,
    PhoneHome phoneHome,
    Delays delays,
    RestartPolicy restarts,
    Duration stopGrace,
    IntSupplier agentPorts) {

  int agentPort() {
    return agentPorts.getAsInt();
  }
}
