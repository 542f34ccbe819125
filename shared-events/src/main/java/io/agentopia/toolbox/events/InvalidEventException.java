package io.agentopia.toolbox.events;

/** A field of an event is missing or out of range. */
public final class InvalidEventException extends IllegalArgumentException {
  private final String field;

  public InvalidEventException(String field, String problem) {
    super("field '" + field + "' " + problem);
    this.field = field;
  }

  public String field() {
    return field;
  }
}
