package io.agentopia.toolbox.health.rollout;

/** What a rollout is told. */
public sealed interface Fact {
  /** How its members stand now. */
  record Counted(Tally tally, Settings settings) implements Fact {}

  record HaltAsked(String why) implements Fact {}

  record ResumeAsked(String why) implements Fact {}

  /**
   * @param isTarget no later rollout has been completed: going back is still going back to what was
   *     before
   */
  record RollbackAsked(String why, boolean isTarget) implements Fact {}
}
