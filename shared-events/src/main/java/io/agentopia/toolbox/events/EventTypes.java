package io.agentopia.toolbox.events;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The CloudEvents {@code type} of every record: {@code io.agentopia.toolbox.<Name>.v1}. Read off
 * the sealed interfaces.
 */
public final class EventTypes {
  private static final String PREFIX = "io.agentopia.toolbox.";
  private static final String VERSION = ".v1";

  private static final Map<String, Class<? extends Event>> BY_TYPE =
      leaves(Event.class)
          .collect(
              Collectors.toMap(
                  EventTypes::typeOf, c -> c.asSubclass(Event.class), (a, b) -> a, TreeMap::new));

  private EventTypes() {}

  public static Map<String, Class<? extends Event>> all() {
    return Map.copyOf(BY_TYPE);
  }

  public static String of(Event event) {
    return typeOf(event.getClass());
  }

  public static String typeOf(Class<?> record) {
    return PREFIX + record.getSimpleName() + VERSION;
  }

  public static Optional<Class<? extends Event>> recordFor(String type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventTypes::leaves)
        : Stream.of(type);
  }
}
