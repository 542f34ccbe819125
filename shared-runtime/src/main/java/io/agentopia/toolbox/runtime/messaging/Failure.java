package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventTooLargeException;
import io.agentopia.toolbox.events.UnreadableEventException;
import java.time.Duration;
import java.util.Locale;

/** Why the handling of an event failed, and so what is to become of the event. */
public sealed interface Failure {
  String code();

  String message();

  /**
   * Worth another attempt, later.
   *
   * @param retryAfter not before that much time has passed; zero where nothing was said
   */
  record Transient(String code, String message, Duration retryAfter) implements Failure {
    public Transient(String code, String message) {
      this(code, message, Duration.ZERO);
    }
  }

  /** No attempt will do better. */
  record Permanent(String code, String message) implements Failure {}

  /**
   * A defect of ours: tried again, because another release may run by then, and then a dead letter.
   */
  record Bug(String code, String message) implements Failure {}

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case UnreadableEventException e ->
          new Permanent("unreadable_" + e.reason().name().toLowerCase(Locale.ROOT), e.getMessage());
      case EventTooLargeException e -> new Permanent("event_too_large", e.getMessage());
      case PermanentFailure e -> new Permanent(e.code(), e.getMessage());
      case TransientFailure e -> new Transient(e.code(), e.getMessage(), e.retryAfter());
      case NullPointerException e -> new Bug("bug", describe(e));
      case ClassCastException e -> new Bug("bug", describe(e));
      case IllegalArgumentException e -> new Bug("bug", describe(e));
      case IllegalStateException e -> new Bug("bug", describe(e));
      default -> new Transient("unavailable", describe(thrown));
    };
  }

  private static String describe(Throwable thrown) {
    return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
  }
}
