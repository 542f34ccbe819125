package io.agentopia.toolbox.simulation;

/** An invariant does not hold. {@code toolbox} is its number in the world, or -1. */
final class Violation extends RuntimeException {
  private final int toolbox;

  Violation(int toolbox, String message) {
    super(message);
    this.toolbox = toolbox;
  }

  int toolbox() {
    return toolbox;
  }
}
