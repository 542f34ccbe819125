package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;

/** The {@code status} column of {@code account_tool_instances}, and what users are shown. */
public enum ToolStatus implements WireName {
  /** Wanted; waits for the toolbox to be healthy. */
  PENDING,
  /** In the manifest; the agent has not reported it running yet. */
  DEPLOYING,
  RUNNING,
  STOPPED,
  /** Docker or the agent is starting it again. */
  RESTARTING,
  /** It does not run; code and message say why. */
  FAILED,
  REMOVING,
  REMOVED;

  @JsonCreator
  public static ToolStatus fromWire(String wire) {
    return WireName.of(ToolStatus.class, wire);
  }
}
