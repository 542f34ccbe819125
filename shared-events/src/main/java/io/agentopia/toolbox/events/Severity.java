package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How much an alert asks for.
 *
 * @param wire its name; one that a newer writer knows and this reader does not is carried as it is
 */
public record Severity(@JsonValue String wire) {
  public static final Severity WARNING = new Severity("warning");
  public static final Severity CRITICAL = new Severity("critical");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Severity {
    Required.text("severity", wire);
  }

  @Override
  public String toString() {
    return wire;
  }
}
