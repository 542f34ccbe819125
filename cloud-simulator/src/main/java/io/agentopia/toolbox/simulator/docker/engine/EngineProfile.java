package io.agentopia.toolbox.simulator.docker.engine;

/** The machine that the engine seems to run on. */
public record EngineProfile(String hostName, int cpus, long memoryBytes) {}
