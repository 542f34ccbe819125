package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The {@code status} column of {@code account_tool_instances}, and what users are shown. */
public enum ToolStatus {
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

  /** The lower-case name used in JSON, in the database and in the API. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static ToolStatus fromWire(String wire) {
    return Arrays.stream(values())
        .filter(v -> v.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + wire + "' is none of " + allowed()));
  }

  private static String allowed() {
    return Arrays.stream(values()).map(ToolStatus::wire).collect(Collectors.joining(", "));
  }
}
