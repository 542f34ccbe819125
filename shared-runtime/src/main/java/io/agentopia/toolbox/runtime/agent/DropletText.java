package io.agentopia.toolbox.runtime.agent;

import io.agentopia.toolbox.events.Characters;

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
      } else {
        var isHarmless = c == '\n' || c == '\t' || !Characters.isWrong(text, i);
        clean.append(isHarmless ? c : REPLACEMENT);
      }
    }
    return clean.toString();
  }
}
