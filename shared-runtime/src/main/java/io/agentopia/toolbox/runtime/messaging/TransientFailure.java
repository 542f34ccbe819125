package io.agentopia.toolbox.runtime.messaging;

/** Handling an event could not be done now; it is worth trying again. */
public final class TransientFailure extends RuntimeException {
  private final String code;

  public TransientFailure(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
