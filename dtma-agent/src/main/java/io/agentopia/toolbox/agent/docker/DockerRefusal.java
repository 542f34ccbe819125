package io.agentopia.toolbox.agent.docker;

/** The engine answered, and the answer was no. */
public final class DockerRefusal extends RuntimeException {
  /** What kind of no. */
  public enum Kind {
    NOT_FOUND,
    CONFLICT,
    TIMEOUT,
    /** The engine does not know what is asked of it: a newer one would. */
    TOO_OLD,
    OTHER
  }

  private final Kind kind;

  public DockerRefusal(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
