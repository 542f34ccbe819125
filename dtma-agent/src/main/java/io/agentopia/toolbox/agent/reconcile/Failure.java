package io.agentopia.toolbox.agent.reconcile;

/**
 * @param message what was attempted and found, and what to do next
 * @param logTail the container's last log lines, or null
 */
public record Failure(ErrorCode code, String message, String logTail) {}
