package io.agentopia.toolbox.simulation;

/** A handler could not handle an event: now, or ever. Nothing of it is committed. */
final class Refusal extends RuntimeException {
  private final boolean forGood;

  Refusal(boolean forGood, String code) {
    super(code, null, false, false);
    this.forGood = forGood;
  }

  boolean isForGood() {
    return forGood;
  }
}
