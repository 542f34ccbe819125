package io.agentopia.toolbox.simulation;

/** A handler could not handle an event: now, or ever. Nothing of it is committed. */
final class Refusal extends RuntimeException {
  private final boolean forGood;
  private Message of;

  Refusal(boolean forGood, String code) {
    super(code, null, false, false);
    this.forGood = forGood;
  }

  Refusal of(Message message) {
    of = message;
    return this;
  }

  /** What could not be handled. */
  Message of() {
    return of;
  }

  boolean isForGood() {
    return forGood;
  }
}
