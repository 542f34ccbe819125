package io.agentopia.toolbox.runtime.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.WireEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** What is stored of an event until it is published, and a day longer. */
record OutboxRow(UUID eventId, String topic, String key, String headers, String body) {
  private static final ObjectMapper JSON = EventCodec.mapper();

  static OutboxRow of(EventEnvelope envelope) {
    var wire = EventCodec.encode(envelope);
    return of(envelope.id(), wire.topic(), wire, wire.headers());
  }

  static OutboxRow of(UUID eventId, String topic, WireEvent wire, Map<String, String> headers) {
    var body = new String(wire.body(), StandardCharsets.UTF_8);
    return new OutboxRow(eventId, topic, wire.key(), json(headers), body);
  }

  private static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the headers of an event as JSON", e);
    }
  }
}
