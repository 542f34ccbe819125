package io.agentopia.toolbox.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tool instance an event is about, and how it stands after it; on the wire its fields stand
 * beside the event's own.
 *
 * @param manifestGeneration the newest generation of the toolbox's manifest, so that the agents'
 *     edge can tell agents when to fetch it
 */
public record ToolRef(
    UUID toolInstanceId, ToolStatus status, long manifestGeneration, @Nullable String name) {
  public ToolRef {
    Required.value("toolInstanceId", toolInstanceId);
    Required.value("status", status);
  }
}
