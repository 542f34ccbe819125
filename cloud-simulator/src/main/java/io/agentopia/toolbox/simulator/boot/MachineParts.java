package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.SimulatorConfig.Delays;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.trial.TrialRules;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * What all machines share.
 *
 * @param stopGrace how long an agent may take to end by itself
 * @param faults that strike agents
 * @param trials of other images of the agent
 * @param images what user-data names them by digest
 * @param trialLookEvery how often a trial is looked at
 * @param agentPorts a free port for an agent that shares its address with others; 0: the usual one
 */
record MachineParts(
    AgentPrograms programs,
    DropletDocker docker,
    PhoneHome phoneHome,
    Delays delays,
    RestartPolicy restarts,
    Duration stopGrace,
    FaultBook faults,
    TrialRules trials,
    AgentImages images,
    Duration trialLookEvery,
    IntSupplier agentPorts) {

  int agentPort() {
    return agentPorts.getAsInt();
  }
}
