package io.agentopia.toolbox.runtime.agent;

/**
 * Text that a droplet sent, made harmless: no control characters but line breaks and tabs, no half
 * of a surrogate pair, no more than was asked for. What is taken away leaves U+FFFD. Pure.
 */
final class DropletText {
  private static final char REPLACEMENT = '\ufffd';

  private DropletText() {}

  /** The beginning of a text. */
  static String first(String text, int length) {
    return clean(text.length() <= length ? text : text.substring(0, length));
  }

  /** The end of a text. */
  static String last(String text, int length) {
    return clean(text.length() <= length ? text : text.substring(text.length() - length));
  }

  /** Length stays, but for line breaks of two characters. */
  static String clean(String text) {
    var clean = new StringBuilder(text.length());
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '\r') {
        if (i + 1 == text.length() || text.charAt(i + 1) != '\n') {
          clean.append('\n');
        }
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(isHarmless(c) ? c : REPLACEMENT);
      }
    }
    return clean.toString();
  }

  private static boolean isHarmless(char c) {
    return c == '\n' || c == '\t' || !Character.isISOControl(c) && !Character.isSurrogate(c);
  }
}
