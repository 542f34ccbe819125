package io.agentopia.toolbox.agent.reconcile;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the agent says of a tool. */
public enum ToolStatus {
  PULLING,
  STARTING,
  RUNNING,
  STOPPED,
  RESTARTING,
  FAILED,
  REMOVING;

  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
