package io.agentopia.toolbox.gateway.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/** Times from outside: RFC 3339 in UTC, of the years that a database has too. */
public final class Times {
  public static final String SAID = "a time such as 2026-11-24T12:00:00Z";

  private static final Pattern OF_OUR_ERA = Pattern.compile("[0-9]{4}-[0-9T:.-]{1,30}Z");

  private Times() {}

  /**
   * @return null of what is none
   */
  public static Instant read(String text) {
    try {
      return OF_OUR_ERA.matcher(text).matches() ? Instant.parse(text) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
