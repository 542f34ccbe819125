package io.agentopia.toolbox.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Events for tests, by the names of what a test is about; everything else is as in the sample
 * document of the vocabulary. So a field that is added to an event breaks no test that has nothing
 * to do with it.
 */
public final class Sample {
  private static final ObjectMapper JSON = EventCodec.mapper();

  private Sample() {}

  /**
   * @param fields name, value, name, value, …; a value of null leaves the field out
   * @throws IllegalArgumentException if the event has no field of that name
   */
  public static <E extends Event> E of(Class<E> type, Subject subject, Object... fields) {
    var body = sample(type);
    body.setAll((ObjectNode) JSON.valueToTree(subject));
    for (var i = 0; i < fields.length; i += 2) {
      put(type, body, (String) fields[i], fields[i + 1]);
    }
    try {
      return JSON.treeToValue(body, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + body, e);
    }
  }

  private static void put(Class<?> type, ObjectNode body, String name, Object value) {
    if (!body.has(name)) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " has no field '" + name + "': its sample has " + body);
    }
    if (value == null) {
      body.remove(name);
    } else {
      body.set(name, JSON.valueToTree(value));
    }
  }

  private static ObjectNode sample(Class<?> type) {
    var name = "/samples/" + type.getSimpleName() + ".json";
    try (var in = type.getResourceAsStream(name)) {
      return (ObjectNode) JSON.readTree(in).get("data");
    } catch (IOException e) {
      throw new UncheckedIOException("sample document " + name + " not read", e);
    }
  }
}
