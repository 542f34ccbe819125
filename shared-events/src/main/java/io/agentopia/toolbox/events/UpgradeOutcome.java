package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How an agent's move to another image of itself goes; after a failure the former one runs again.
 *
 * @param wire its name; one that a newer writer knows and this reader does not is carried as it is
 */
public record UpgradeOutcome(@JsonValue String wire) {
  public static final UpgradeOutcome PULLING = new UpgradeOutcome("pulling");
  public static final UpgradeOutcome STARTING = new UpgradeOutcome("starting");
  public static final UpgradeOutcome FAILED = new UpgradeOutcome("failed");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UpgradeOutcome {
    Required.text("outcome", wire);
  }

  @Override
  public String toString() {
    return wire;
  }
}
