package io.agentopia.toolbox.health.rollout;

/** What a fact makes of a rollout. */
public sealed interface Change {
  record Stays() implements Change {}

  record Becomes(Rollout next, String why) implements Change {}

  /**
   * An operator's wish that the state does not allow.
   *
   * @param why what it is instead, as the end of a sentence
   */
  record Refused(String why) implements Change {}
}
