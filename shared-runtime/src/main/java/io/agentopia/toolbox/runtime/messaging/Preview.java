package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.WireName;

/**
 * What handling an event would do now, without doing it.
 *
 * @param summary one sentence for an operator
 */
public record Preview(Effect effect, String summary) {

  public enum Effect implements WireName {
    /** It would change something. */
    WOULD_ACT,
    /** It is done already, or it is stale. */
    NOTHING_TO_DO,
    /** It would fail again. */
    WOULD_FAIL,
    /** It cannot be read; no replay helps. */
    UNREADABLE;
  }

  public static Preview wouldAct(String summary) {
    return new Preview(Effect.WOULD_ACT, summary);
  }

  public static Preview nothingToDo(String summary) {
    return new Preview(Effect.NOTHING_TO_DO, summary);
  }

  public static Preview wouldFail(String summary) {
    return new Preview(Effect.WOULD_FAIL, summary);
  }

  public static Preview unreadable(String summary) {
    return new Preview(Effect.UNREADABLE, summary);
  }
}
