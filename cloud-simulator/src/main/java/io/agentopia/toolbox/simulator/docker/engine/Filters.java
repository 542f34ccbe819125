package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.store.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Docker's {@code filters} parameter: values of one name are alternatives, labels are not. */
public record Filters(Map<String, List<String>> values) {
  public static final Filters NONE = new Filters(Map.of());

  public static Filters parse(String text, Set<String> known) {
    if (text == null || text.isBlank()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, List<String>>();
    for (var entry : read(text).properties()) {
      if (!known.contains(entry.getKey())) {
        throw new EngineRefusal(400, "invalid filter '" + entry.getKey() + "'");
      }
      values.put(entry.getKey(), strings(entry.getValue()));
    }
    return new Filters(values);
  }

  private static JsonNode read(String text) {
    try {
      var node = Json.MAPPER.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // Said below.
    }
    throw new EngineRefusal(400, "invalid filters: not a JSON object");
  }

  /** Both forms: a list, and the older map of value to true. */
  private static List<String> strings(JsonNode node) {
    var strings = new ArrayList<String>();
    if (node.isObject()) {
      node.properties().stream()
          .filter(e -> e.getValue().asBoolean())
          .forEach(e -> strings.add(e.getKey()));
    } else {
      node.forEach(v -> strings.add(v.asText()));
    }
    return strings;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** True when the name is not filtered by, or one of its values fits. */
  public boolean any(String name, Predicate<String> fits) {
    var wanted = values.get(name);
    return wanted == null || wanted.isEmpty() || wanted.stream().anyMatch(fits);
  }

  /** Every {@code key} or {@code key=value} must be there. */
  public boolean labels(Map<String, String> labels) {
    return values.getOrDefault("label", List.of()).stream()
        .allMatch(
            wanted -> {
              var equals = wanted.indexOf('=');
              return equals < 0
                  ? labels.containsKey(wanted)
                  : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
            });
  }
}
