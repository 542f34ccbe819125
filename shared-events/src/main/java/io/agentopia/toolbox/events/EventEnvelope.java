package io.agentopia.toolbox.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event with its CloudEvents attributes.
 *
 * @param id unique; consumers keep it in their inbox, so a duplicate changes nothing
 * @param source the writer, for example {@code /provisioner-service}
 * @param time when it happened, UTC
 * @param traceparent W3C trace context, or null
 */
public record EventEnvelope(
    UUID id, String source, Instant time, @Nullable String traceparent, Event event) {
  public EventEnvelope {
    Required.value("id", id);
    Required.text("source", source);
    Required.value("time", time);
    Required.value("event", event);
  }
}
