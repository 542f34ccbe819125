package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.http.Times;
import io.agentopia.toolbox.runtime.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Where a page of a list ended. Opaque to clients. */
record Cursor(Instant createdAt, UUID id) {
  /** Older than this is nothing, so a list begins here. */
  static final Cursor START = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  static Cursor parse(String text) {
    if (text == null || text.isEmpty()) {
      return START;
    }
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
      return new Cursor(Objects.requireNonNull(Times.read(parts[0])), UUID.fromString(parts[1]));
    } catch (RuntimeException e) {
      throw Problem.invalid(
              "The list of toolboxes could not be continued.",
              List.of(
                  new Rules.Violation(
                      "cursor", "is not one of ours; leave it out to start from the beginning")))
          .exception();
    }
  }
}
