package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentopia.toolbox.events.UnreadableEventException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events to and from their wire form. Unknown JSON fields are ignored, so that a newer writer does
 * not stop an older reader; an unknown type, broken JSON or a missing field is {@link
 * UnreadableEventException}.
 */
public final class EventCodec {
  public static final String SPEC_VERSION = "ce_specversion";
  public static final String ID = "ce_id";
  public static final String SOURCE = "ce_source";
  public static final String TYPE = "ce_type";
  public static final String TIME = "ce_time";
  public static final String SUBJECT = "ce_subject";
  public static final String CONTENT_TYPE = "content-type";
  public static final String TRACEPARENT = "traceparent";

  private static final ObjectMapper JSON = mapper();

  private EventCodec() {}

  /** The mapper of the wire form, for those who store an event's body. */
  public static ObjectMapper mapper() {
    var mapper =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build());
    return mapper;
  }

  public static WireEvent encode(EventEnvelope envelope) {
    var event = envelope.event();
    var headers = new LinkedHashMap<String, String>();
    headers.put(SPEC_VERSION, "1.0");
    headers.put(ID, envelope.id().toString());
    headers.put(SOURCE, envelope.source());
    headers.put(TYPE, EventTypes.of(event));
    headers.put(TIME, envelope.time().toString());
    headers.put(SUBJECT, event.toolboxId().toString());
    headers.put(CONTENT_TYPE, "application/json");
    if (envelope.traceparent() != null) {
      headers.put(TRACEPARENT, envelope.traceparent());
    }
    return new WireEvent(Topics.of(event), event.toolboxId().toString(), headers, body(event));
  }

  public static EventEnvelope decode(Map<String, String> headers, byte @Nullable [] body) {
    var type = header(headers, TYPE);
    var record =
        EventTypes.recordFor(type)
            .orElseThrow(
                () ->
                    unreadable(
                        Reason.UNKNOWN_TYPE,
                        "header " + TYPE + " names '" + type + "', which this reader does not know",
                        null));
    return new EventEnvelope(
        id(header(headers, ID)),
        header(headers, SOURCE),
        time(headers.get(TIME)),
        headers.get(TRACEPARENT),
        read(body, record));
  }

  private static byte[] body(Event event) {
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "cannot write " + event.getClass().getSimpleName() + " as JSON", e);
    }
  }

  private static Event read(byte @Nullable [] body, Class<? extends Event> record) {
    if (body == null || body.length == 0) {
      throw unreadable(
          Reason.BAD_JSON, "the body of a " + record.getSimpleName() + " is empty", null);
    }
    try {
      var event = JSON.readValue(body, record);
      if (event == null) {
        throw unreadable(
            Reason.BAD_JSON, "the body of a " + record.getSimpleName() + " is null", null);
      }
      return event;
    } catch (ValueInstantiationException e) {
      throw unreadable(Reason.INVALID_FIELD, record.getSimpleName() + ": " + rootMessage(e), e);
    } catch (IOException e) {
      throw unreadable(
          Reason.BAD_JSON, "the body is not a " + record.getSimpleName() + ": " + firstLine(e), e);
    }
  }

  private static String header(Map<String, String> headers, String name) {
    var value = headers.get(name);
    if (value == null || value.isBlank()) {
      throw unreadable(Reason.MISSING_HEADER, "header " + name + " is missing", null);
    }
    return value;
  }

  private static UUID id(String value) {
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException e) {
      // CloudEvents allows any string; a stable UUID of it keeps the inbox key one type.
      return UUID.nameUUIDFromBytes(value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * {@code time} is optional in CloudEvents; without it the event is as old as the epoch, which no
   * deadline mistakes for new.
   */
  private static Instant time(@Nullable String value) {
    if (value == null) {
      return Instant.EPOCH;
    }
    try {
      return java.time.OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      throw unreadable(
          Reason.BAD_HEADER, "header " + TIME + " '" + value + "' is no RFC 3339 time", e);
    }
  }

  private static UnreadableEventException unreadable(
      Reason reason, @Nullable String message, @Nullable Throwable cause) {
    return new UnreadableEventException(reason, message, cause);
  }

  private static @Nullable String rootMessage(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  /**
   * Jackson appends a source excerpt after the first line; it may hold anything, so it is not
   * repeated.
   */
  private static @Nullable String firstLine(Exception e) {
    return e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
  }
}
