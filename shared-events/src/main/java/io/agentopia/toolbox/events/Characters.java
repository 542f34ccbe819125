package io.agentopia.toolbox.events;

import org.jspecify.annotations.Nullable;

/**
 * Which characters a text may have. A NUL cannot be stored, a lone surrogate cannot be written as
 * UTF-8, and what moves a cursor does not belong into a log.
 */
public final class Characters {
  private Characters() {}

  /** What a text of one line may not have. */
  public static @Nullable String wrongInLine(String text) {
    return wrong(text, false);
  }

  /**
   * What a text of several lines may not have: as {@link #wrongInLine}, but line breaks and tabs
   * are good.
   *
   * @return what is wrong and where, for people; null when nothing is
   */
  public static @Nullable String wrongInText(String text) {
    return wrong(text, true);
  }

  private static @Nullable String wrong(String text, boolean mayHaveLines) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (isWrong(text, i) && !(mayHaveLines && isLayout(c))) {
        return Character.isSurrogate(c)
            ? "must be Unicode; found half of a surrogate pair (U+%04X) at character %d"
                .formatted((int) c, i + 1)
            : "must have no control characters; found U+%04X at character %d"
                .formatted((int) c, i + 1);
      }
    }
    return null;
  }

  /**
   * Whether a place holds a control character, line breaks and tabs included, or half of a pair.
   */
  public static boolean isWrong(String text, int place) {
    var c = text.charAt(place);
    if (Character.isHighSurrogate(c)) {
      return place + 1 == text.length() || !Character.isLowSurrogate(text.charAt(place + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return place == 0 || !Character.isHighSurrogate(text.charAt(place - 1));
    }
    return Character.isISOControl(c);
  }

  /**
   * For what is kept as it came, such as somebody's log: PostgreSQL stores no NUL in a text.
   *
   * @param text null stays null
   */
  public static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace('\0', '\ufffd');
  }

  private static boolean isLayout(char c) {
    return c == '\n' || c == '\r' || c == '\t';
  }
}
