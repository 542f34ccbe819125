package io.agentopia.toolbox.simulator.docker.engine;

/** The engine's no, with its status and sentence. */
public final class EngineRefusal extends RuntimeException {
  private final int status;

  public EngineRefusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  public int status() {
    return status;
  }

  static EngineRefusal noContainer(String reference) {
    return new EngineRefusal(404, "No such container: " + reference);
  }

  static EngineRefusal noImage(String reference) {
    return new EngineRefusal(404, "No such image: " + reference);
  }

  static EngineRefusal noNetwork(String reference) {
    return new EngineRefusal(404, "network " + reference + " not found");
  }
}
