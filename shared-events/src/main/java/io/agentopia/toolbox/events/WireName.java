package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** An enum whose constants go by lower-case names in JSON, in the database and in the API. */
public interface WireName {
  /** Of the constant, as the enum has it. */
  String name();

  @JsonValue
  default String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException there is no constant of that name; it says which there are
   */
  static <E extends Enum<E> & WireName> E of(Class<E> type, String wire) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.wire().equals(wire))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Arrays.stream(type.getEnumConstants())
                        .map(WireName::wire)
                        .collect(Collectors.joining(", ", "'" + wire + "' is none of ", ""))));
  }
}
