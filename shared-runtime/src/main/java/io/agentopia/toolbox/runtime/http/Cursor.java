package io.agentopia.toolbox.runtime.http;

import io.agentopia.toolbox.events.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list ended that has the latest first, and of one time the greatest key. Opaque
 * to clients.
 *
 * @param <K> what tells entries of one time apart
 */
public record Cursor<K>(Instant at, K key) {
  /** No entry is later, so a list begins here. */
  private static final Instant START = Instant.parse("9999-01-01T00:00:00Z");

  private static final UUID GREATEST = new UUID(-1, -1);

  /** Times that a database has too. */
  private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9T:.-]{1,30}Z");

  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((at + " " + key).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param text as a client sends it; null or empty: from the start
   * @param list its name, for the problem that tells of a text that is none of ours
   */
  public static Cursor<UUID> byId(@Nullable String text, String list) {
    return parse(text, UUID::fromString, GREATEST, list);
  }

  /** As {@link #byId}, of entries that have numbers. */
  public static Cursor<Long> byNumber(@Nullable String text, String list) {
    return parse(text, Long::valueOf, Long.MAX_VALUE, list);
  }

  private static <K> Cursor<K> parse(
      @Nullable String text, Function<String, K> key, K greatest, String list) {
    if (text == null || text.isEmpty()) {
      return new Cursor<>(START, greatest);
    }
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
      if (TIME.matcher(parts[0]).matches()) {
        return new Cursor<>(Instant.parse(parts[0]), key.apply(parts[1]));
      }
    } catch (RuntimeException e) {
      // None of ours, as below.
    }
    throw Problem.invalid(
            "The list of %s could not be continued.".formatted(list),
            List.of(
                new Rules.Violation(
                    "cursor", "is not one of ours; leave it out to start from the beginning")))
        .exception();
  }
}
