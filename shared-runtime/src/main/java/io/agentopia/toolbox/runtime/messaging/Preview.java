package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What handling an event would do now, without doing it.
 *
 * @param summary one sentence for an operator
 */
public record Preview(Effect effect, String summary) {

  public enum Effect {
    /** It would change something. */
    WOULD_ACT,
    /** It is done already, or it is stale. */
    NOTHING_TO_DO,
    /** It would fail again. */
    WOULD_FAIL,
    /** It cannot be read; no replay helps. */
    UNREADABLE;

    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
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
