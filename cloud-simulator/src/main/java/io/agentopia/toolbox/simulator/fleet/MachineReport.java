package io.agentopia.toolbox.simulator.fleet;

/**
 * What the control endpoint tells of a machine.
 *
 * @param pid null when no agent runs
 * @param agentStarts since the simulator started
 * @param agentPort null: the one in the user-data
 * @param agentImage what the agent is started from; null where the user-data names no image
 * @param agentImageOnTrial whether it is not proven yet
 */
public record MachineReport(
    Long pid,
    boolean agentAlive,
    int agentStarts,
    String bootId,
    String dockerHost,
    Integer agentPort,
    String agentLog,
    String agentImage,
    boolean agentImageOnTrial) {}
