package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.Port;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One tool as reported. See docs/agent-protocol.md for the fields.
 *
 * @param revision the revision that {@code status} speaks of
 * @param logTail the last log lines of a tool that ends by itself, at most 4,000 characters
 */
public record ToolView(
    UUID toolInstanceId,
    String name,
    ToolStatus status,
    String image,
    String containerId,
    Instant startedAt,
    Integer exitCode,
    int restartCount,
    long revision,
    long restarts,
    List<Port> ports,
    ErrorCode errorCode,
    String message,
    String logTail) {

  public ToolView {
    ports = ports == null ? List.of() : List.copyOf(ports);
  }

  /** Without what changes while nothing changes: a view that differs here is worth a report. */
  public ToolView observable() {
    return new ToolView(
        toolInstanceId,
        name,
        status,
        image,
        containerId,
        null,
        exitCode,
        0,
        revision,
        restarts,
        ports,
        errorCode,
        message,
        null);
  }

  ToolView withLogTail(String tail) {
    return new ToolView(
        toolInstanceId,
        name,
        status,
        image,
        containerId,
        startedAt,
        exitCode,
        restartCount,
        revision,
        restarts,
        ports,
        errorCode,
        message,
        tail);
  }
}
