package io.agentopia.toolbox.events;

import org.jspecify.annotations.Nullable;

/** A value as a refusal shows it: recognizable, short, and of one line. Never used of secrets. */
public final class Shown {
  /** Characters of the value; more are cut off. */
  public static final int LONGEST = 64;

  private Shown() {}

  public static String of(@Nullable Object value) {
    return value instanceof CharSequence text
        ? "'" + name(text.toString()) + "'"
        : name(String.valueOf(value));
  }

  /** A name that came from outside, such as a field's: as {@link #of}, without quotes. */
  public static String name(String text) {
    var shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > LONGEST ? shown + "…" : shown.toString();
  }
}
