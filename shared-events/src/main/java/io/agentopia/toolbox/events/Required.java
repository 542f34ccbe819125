package io.agentopia.toolbox.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every record of the vocabulary insists on; a message that lacks it is unreadable, whoever
 * wrote it.
 */
final class Required {
  private Required() {}

  static <T> T value(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidEventException(field, "is missing");
    }
    return value;
  }

  static void text(String field, @Nullable String value) {
    if (value(field, value).isBlank()) {
      throw new InvalidEventException(field, "is empty");
    }
  }

  static void positive(String field, long value) {
    if (value <= 0) {
      throw new InvalidEventException(field, "is " + value + ", but must be greater than 0");
    }
  }

  /** A copy, empty where there is no list; what is in it is there. */
  static <T> List<T> elements(String field, @Nullable List<T> list) {
    if (list == null) {
      return List.of();
    }
    var missing = new ArrayList<>(list).indexOf(null); // an immutable list throws when asked
    if (missing >= 0) {
      throw new InvalidEventException(field + "[" + missing + "]", "is null");
    }
    return List.copyOf(list);
  }

  /** A copy, empty where there is no map; every variable has a value. */
  static Map<String, String> variables(String field, @Nullable Map<String, String> map) {
    if (map == null) {
      return Map.of();
    }
    map.forEach(
        (name, value) -> {
          if (name == null || value == null) {
            throw new InvalidEventException(Rules.variable(field, name), "is null");
          }
        });
    return Map.copyOf(map);
  }

  static void notNegative(String field, long value) {
    if (value < 0) {
      throw new InvalidEventException(field, "is " + value + ", but must be 0 or greater");
    }
  }
}
