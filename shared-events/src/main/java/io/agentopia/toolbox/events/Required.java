package io.agentopia.toolbox.events;

import java.util.UUID;

/**
 * What every record of the vocabulary insists on; a message that lacks it is unreadable, whoever
 * wrote it.
 */
final class Required {
  private Required() {}

  static void base(UUID toolboxId, String accountId, long generation, long sequence) {
    value("toolboxId", toolboxId);
    text("accountId", accountId);
    notNegative("generation", generation);
    notNegative("sequence", sequence);
  }

  static void lifecycle(
      UUID toolboxId, String accountId, long generation, long sequence, ToolboxStatus status) {
    base(toolboxId, accountId, generation, sequence);
    value("status", status);
  }

  static void tool(
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      UUID toolInstanceId,
      ToolStatus status) {
    base(toolboxId, accountId, generation, sequence);
    value("toolInstanceId", toolInstanceId);
    value("status", status);
  }

  static void value(String field, Object value) {
    if (value == null) {
      throw new InvalidEventException(field, "is missing");
    }
  }

  static void text(String field, String value) {
    value(field, value);
    if (value.isBlank()) {
      throw new InvalidEventException(field, "is empty");
    }
  }

  static void positive(String field, long value) {
    if (value <= 0) {
      throw new InvalidEventException(field, "is " + value + ", but must be greater than 0");
    }
  }

  private static void notNegative(String field, long value) {
    if (value < 0) {
      throw new InvalidEventException(field, "is " + value + ", but must be 0 or greater");
    }
  }
}
