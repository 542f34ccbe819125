package io.agentopia.toolbox.agent.docker;

/** The engine did not answer, or not in time. Nothing is known of what it did. */
public final class DockerUnavailable extends RuntimeException {
  public DockerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
