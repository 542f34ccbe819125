package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventSize;
import io.agentopia.toolbox.events.EventTooLargeException;
import io.agentopia.toolbox.events.WireEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;

/**
 * What is stored of an event until it is published, and a day longer. Only made of what a topic
 * takes.
 */
record OutboxRow(UUID eventId, String topic, String key, String headers, String body) {
  private static final ObjectMapper JSON = EventCodec.mapper();

  /**
   * @throws EventTooLargeException if no topic would take it
   */
  static OutboxRow of(EventEnvelope envelope) {
    var wire = EventCodec.encode(envelope);
    return of(envelope.id(), wire.topic(), wire, wire.headers());
  }

  static OutboxRow of(UUID eventId, String topic, WireEvent wire, Map<String, String> headers) {
    var written = json(headers);
    refuseAbove(EventSize.BODY, wire.body().length, headers, wire.body());
    refuseAbove(EventSize.HEADERS, written.getBytes(StandardCharsets.UTF_8).length, headers, null);
    var body = new String(wire.body(), StandardCharsets.UTF_8);
    return new OutboxRow(eventId, topic, wire.key(), written, body);
  }

  private static void refuseAbove(int limit, int bytes, Map<String, String> headers, byte[] body) {
    if (bytes > limit) {
      var event = headers.get(EventCodec.TYPE) + " of " + headers.get(EventCodec.SUBJECT);
      throw new EventTooLargeException(
          event, body == null ? "headers" : largest(body), bytes, limit);
    }
  }

  /** The path of names to the part that most of a body is in. */
  private static String largest(byte[] body) {
    try {
      var path = new StringBuilder();
      for (var node = JSON.readTree(body); node.isObject() && !node.isEmpty(); ) {
        var member =
            node.properties().stream()
                .max(Comparator.comparingInt(m -> m.getValue().toString().length()))
                .orElseThrow();
        path.append(path.isEmpty() ? "" : ".").append(member.getKey());
        node = member.getValue();
      }
      return path.toString();
    } catch (IOException e) {
      return "body";
    }
  }

  static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the headers of an event as JSON", e);
    }
  }
}
