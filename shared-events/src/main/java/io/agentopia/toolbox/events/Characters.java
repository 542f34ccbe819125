package io.agentopia.toolbox.events;

/**
 * Which characters a text may have. A NUL cannot be stored, a lone surrogate cannot be written as
 * UTF-8, and what moves a cursor does not belong into a log.
 */
public final class Characters {
  private Characters() {}

  /** What a text of one line may not have. */
  public static String wrongInLine(String text) {
    return wrong(text, false);
  }

  /**
   * What a text of several lines may not have: as {@link #wrongInLine}, but line breaks and tabs
   * are good.
   *
   * @return what is wrong and where, for people; null when nothing is
   */
  public static String wrongInText(String text) {
    return wrong(text, true);
  }

  private static String wrong(String text, boolean mayHaveLines) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isISOControl(c) && !(mayHaveLines && isLayout(c))) {
        return "must have no control characters; found U+%04X at character %d"
            .formatted((int) c, i + 1);
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return "must be Unicode; found half of a surrogate pair (U+%04X) at character %d"
            .formatted((int) c, i + 1);
      }
    }
    return null;
  }

  private static boolean isLayout(char c) {
    return c == '\n' || c == '\r' || c == '\t';
  }
}
