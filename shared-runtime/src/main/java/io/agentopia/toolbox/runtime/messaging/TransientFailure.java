package io.agentopia.toolbox.runtime.messaging;

import java.time.Duration;

/** Handling an event could not be done now; it is worth trying again. */
public final class TransientFailure extends RuntimeException {
  private final String code;
  private final Duration retryAfter;

  public TransientFailure(String code, String message) {
    this(code, message, Duration.ZERO);
  }

  /**
   * @param retryAfter what whoever refused asked us to wait at least; zero where nothing was said
   */
  public TransientFailure(String code, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  public String code() {
    return code;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
