package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.http.Times;
import io.agentopia.toolbox.runtime.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Where a page of dead letters ended. */
record LetterCursor(Instant receivedAt, UUID id) {
  private static final LetterCursor START =
      new LetterCursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  String text() {
    return receivedAt + "_" + id;
  }

  static LetterCursor parse(String text) {
    if (text == null || text.isEmpty()) {
      return START;
    }
    try {
      var parts = text.split("_", 2);
      return new LetterCursor(
          Objects.requireNonNull(Times.read(parts[0])), UUID.fromString(parts[1]));
    } catch (RuntimeException e) {
      throw Problem.invalid(
              "The list of dead letters could not be continued.",
              List.of(
                  new Rules.Violation(
                      "cursor", "is not one of ours; leave it out to start from the beginning")))
          .exception();
    }
  }
}
