package io.agentopia.toolbox.gateway.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.gateway.deadletter.Troubles;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A tool instance as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "Tool",
    description = "One tool on one toolbox: one container. memoryMb is in MiB, cpus in cores.")
public record ToolDocument(
    UUID id,
    UUID toolboxId,
    String name,
    @Schema(
            description =
                "pending, deploying, running, stopped, restarting, failed, removing or removed")
        String status,
    @JsonUnwrapped ToolSpec spec,
    String containerId,
    ToolboxDocument.Error error,
    @Schema(description = "events about it that wait to be handled once more")
        List<Troubles.Retry> retries,
    @Schema(description = "events about it that were given up; an operator can replay them")
        List<Troubles.GivenUp> deadLetters,
    Instant createdAt,
    Instant updatedAt) {

  private static final ObjectMapper JSON = EventCodec.mapper();

  static ToolDocument of(ToolView view, Troubles.Found ofToolbox) {
    var troubles = ofToolbox.ofTool(view.id);
    return new ToolDocument(
        view.id,
        view.toolboxId,
        view.name,
        view.status,
        read(view.spec),
        view.containerId,
        ToolboxDocument.Error.of(view.errorCode, view.errorMessage, view.errorAction, view.logTail),
        troubles.retries().isEmpty() ? null : troubles.retries(),
        troubles.deadLetters().isEmpty() ? null : troubles.deadLetters(),
        view.createdAt,
        view.updatedAt);
  }

  static String write(ToolSpec spec) {
    try {
      return JSON.writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a tool's spec as JSON", e);
    }
  }

  static ToolSpec read(String json) {
    try {
      return JSON.readValue(json, ToolSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored spec of a tool cannot be read", e);
    }
  }
}
