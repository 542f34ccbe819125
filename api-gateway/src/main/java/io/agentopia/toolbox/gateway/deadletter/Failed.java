package io.agentopia.toolbox.gateway.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.events.UnreadableEventException;
import io.agentopia.toolbox.runtime.messaging.Delivery;
import io.agentopia.toolbox.runtime.trace.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a record on a dead-letter or retry topic says of itself. Anything may stand there, so every
 * field is read on its own and may be missing. Pure.
 */
public record Failed(
    Topics.Owned owner, String position, String key, Map<String, String> headers, byte[] body) {

  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final int LONGEST_TEXT = 1000;

  public static Failed of(ConsumerRecord<?, byte[]> record) {
    var headers = new LinkedHashMap<String, String>();
    for (var header : record.headers()) {
      if (header.value() != null) {
        headers.put(Characters.storable(header.key()), Characters.storable(text(header.value())));
      }
    }
    var key = record.key() instanceof byte[] bytes ? text(bytes) : (String) record.key();
    return new Failed(
        Topics.owner(record.topic()),
        record.topic() + "/" + record.partition() + "/" + record.offset(),
        Characters.storable(key),
        headers,
        record.value() == null ? new byte[0] : record.value());
  }

  /** The same for the same record, however often it is read; another one for any other record. */
  public UUID letterId() {
    var identity =
        position + " " + headers.get(EventCodec.ID) + " " + headers.get(Delivery.LAST_FAILURE);
    return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
  }

  public String header(String name) {
    var value = headers.get(name);
    return value == null || value.length() <= LONGEST_TEXT
        ? value
        : value.substring(0, LONGEST_TEXT);
  }

  public String header(String name, String otherwise) {
    var value = header(name);
    return value == null ? otherwise : value;
  }

  public int number(String name, int otherwise) {
    try {
      return Integer.parseInt(header(name, ""));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** An RFC 3339 time, or milliseconds since the epoch. */
  public Instant time(String name, Instant otherwise) {
    var text = header(name, "");
    try {
      return text.matches("[0-9]{1,15}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeException e) {
      return otherwise;
    }
  }

  public String eventType() {
    var type = header(EventCodec.TYPE);
    return type == null ? null : type.replaceFirst("^io\\.agentopia\\.toolbox\\.", "");
  }

  public String traceId() {
    return Trace.id(headers.get(EventCodec.TRACEPARENT));
  }

  public Optional<UUID> toolboxId() {
    return uuid(key).or(() -> uuid(header(EventCodec.SUBJECT))).or(() -> uuid(field("toolboxId")));
  }

  public Optional<UUID> toolInstanceId() {
    return uuid(field("toolInstanceId"));
  }

  public String accountId() {
    return field("accountId");
  }

  public long generation() {
    return document().path("generation").asLong(0);
  }

  /**
   * Why no replay can help; null where one may. A type that is unknown here may be known to the
   * consumer's next release.
   */
  public String unreadable() {
    try {
      EventCodec.decode(headers, body);
      return null;
    } catch (UnreadableEventException e) {
      return e.reason() == UnreadableEventException.Reason.UNKNOWN_TYPE
          ? null
          : Characters.storable(e.getMessage());
    }
  }

  /** The body as text; null where it is none. */
  public static String bodyText(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private String field(String name) {
    var node = document().path(name);
    return node.isTextual() && node.asText().length() <= LONGEST_TEXT
        ? Characters.storable(node.asText())
        : null;
  }

  private JsonNode document() {
    try {
      var node = JSON.readTree(body);
      return node == null ? JSON.nullNode() : node;
    } catch (IOException e) {
      return JSON.nullNode();
    }
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
