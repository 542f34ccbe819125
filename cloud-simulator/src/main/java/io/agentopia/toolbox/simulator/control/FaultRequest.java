package io.agentopia.toolbox.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.control.Problem.FieldError;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads one fault and collects everything that is wrong with it. A misspelt field is an error: a
 * fault that silently means something else would spoil the test that relies on it.
 */
final class FaultRequest {
  private static final Set<String> SETTINGS = Set.of("status", "delayMs", "retryAfterSeconds");
  private static final Set<String> FIELDS = Set.of("kind", "count", "probability", "match");
  private static final Set<String> MATCHES =
      Set.of("method", "path", "dropletId", "name", "tag", "region", "image");
  private static final Set<Integer> PULL_STATUSES = Set.of(404, 429, 500, 502, 503, 504);
  private static final int DAY_MS = 86_400_000;

  private final JsonNode node;
  private final String at;
  private final List<FieldError> errors;

  FaultRequest(JsonNode node, String at, List<FieldError> errors) {
    this.node = node;
    this.at = at;
    this.errors = errors;
  }

  /** Null when something is wrong. */
  Fault read() {
    if (!node.isObject()) {
      error("", "has to be an object with 'kind', one of " + FaultKind.words());
      return null;
    }
    var before = errors.size();
    var kind = FaultKind.of(node.path("kind").asText()).orElse(null);
    if (kind == null) {
      error("kind", "has to be one of " + FaultKind.words());
      return null;
    }
    node.fieldNames().forEachRemaining(f -> checkField(kind, f));
    var match = match(node.path("match"));
    var fault =
        new Fault(
            UUID.randomUUID().toString(),
            kind,
            node.hasNonNull("count") ? integer("count", 0, 1, 1_000_000) : null,
            probability(),
            match,
            status(kind),
            integer("delayMs", usualDelay(kind), 0, DAY_MS),
            integer("retryAfterSeconds", 5, 0, 3600));
    return errors.size() > before ? null : fault;
  }

  private void checkField(FaultKind kind, String field) {
    if (SETTINGS.contains(field) && !kind.understands(field)) {
      error(field, "means nothing for " + kind.word());
    } else if (!SETTINGS.contains(field) && !FIELDS.contains(field)) {
      error(
          field,
          "is not known; known are kind, count, probability, match, status, delayMs, retryAfterSeconds");
    }
  }

  private static int usualDelay(FaultKind kind) {
    return switch (kind) {
      case TIMEOUT_AFTER_CREATE -> 15_000;
      case STALE_LIST -> 5_000;
      case SLOW -> 1_000;
      case DISAPPEARS,
          RATE_LIMITED,
          SERVER_ERROR,
          NEVER_BOOTS,
          NO_ADDRESS,
          PULL_FAILS,
          BROKEN_AGENT,
          UNAUTHORIZED ->
          0;
    };
  }

  private int status(FaultKind kind) {
    if (kind == FaultKind.PULL_FAILS) {
      var status = integer("status", 500, 100, 599);
      if (!PULL_STATUSES.contains(status)) {
        error("status", "has to be one of 404, 429, 500, 502, 503, 504");
      }
      return status;
    }
    return kind == FaultKind.BROKEN_AGENT
        ? integer("status", 1, 0, 255)
        : integer("status", 500, 500, 599);
  }

  private double probability() {
    var value = node.path("probability");
    if (value.isMissingNode() || value.isNull()) {
      return 1;
    }
    if (!value.isNumber() || value.asDouble() <= 0 || value.asDouble() > 1) {
      error("probability", "has to be a number above 0 and up to 1");
    }
    return value.asDouble();
  }

  private int integer(String field, int otherwise, int least, int most) {
    var value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      error(field, "has to be a whole number from " + least + " to " + most);
    }
    return value.asInt();
  }

  private Match match(JsonNode match) {
    if (match.isMissingNode() || match.isNull()) {
      return Match.ANYTHING;
    }
    if (!match.isObject()) {
      error("match", "has to be an object");
      return Match.ANYTHING;
    }
    var unknown = new ArrayList<String>();
    match
        .fieldNames()
        .forEachRemaining(
            f -> {
              if (!MATCHES.contains(f)) unknown.add(f);
            });
    unknown.forEach(
        f ->
            error(
                "match." + f,
                "is not known; known are method, path, dropletId, name, tag, region, image"));
    var id = match.path("dropletId");
    if (!id.isMissingNode() && !id.canConvertToLong()) {
      error("match.dropletId", "has to be a droplet's number");
    }
    return new Match(
        text(match, "method"),
        pattern(match, "path"),
        id.canConvertToLong() ? id.asLong() : null,
        pattern(match, "name"),
        text(match, "tag"),
        text(match, "region"),
        pattern(match, "image"));
  }

  private static String text(JsonNode match, String field) {
    return match.hasNonNull(field) ? match.get(field).asText() : null;
  }

  private String pattern(JsonNode match, String field) {
    var text = text(match, field);
    try {
      if (text != null) {
        Pattern.compile(text);
      }
    } catch (PatternSyntaxException e) {
      error("match." + field, "has to be a regular expression: " + e.getDescription());
    }
    return text;
  }

  private void error(String field, String message) {
    errors.add(new FieldError(field.isEmpty() ? at : at + "." + field, message));
  }
}
