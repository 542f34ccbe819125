package io.agentopia.toolbox.runtime.messaging;

/**
 * Handling an event failed in a way that trying again cannot mend: it becomes a dead letter at
 * once.
 */
public final class PermanentFailure extends RuntimeException {
  private final String code;

  /**
   * @param code stable, kept in the dead letter
   * @param message what was attempted, on which id, and what was found
   */
  public PermanentFailure(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
