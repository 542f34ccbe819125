package io.agentopia.toolbox.events;

import org.jspecify.annotations.Nullable;

/** A record that is no event of ours; reading it again will not help. */
public final class UnreadableEventException extends RuntimeException {

  /** Stable reasons, kept in dead letters. */
  public enum Reason {
    MISSING_HEADER,
    BAD_HEADER,
    UNKNOWN_TYPE,
    BAD_JSON,
    INVALID_FIELD
  }

  private final Reason reason;

  public UnreadableEventException(
      Reason reason, @Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
