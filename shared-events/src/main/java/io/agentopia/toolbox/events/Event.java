package io.agentopia.toolbox.events;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Something that happened to one toolbox, or a wish about it (the {@code *Requested} records). The
 * wire form is CloudEvents 1.0 in binary mode with a JSON body; see {@code docs/events.md}.
 */
public sealed interface Event
    permits ToolboxRequest,
        ToolboxLifecycle,
        ToolboxBoot,
        ToolboxHealth,
        ToolRequest,
        ToolLifecycle,
        ToolboxManifestChanged,
        AgentEvent {

  Subject subject();

  default UUID toolboxId() {
    return subject().toolboxId();
  }

  default String accountId() {
    return subject().accountId();
  }

  default long generation() {
    return subject().generation();
  }

  default long sequence() {
    return subject().sequence();
  }

  /** Of all of them, each once. */
  static List<UUID> toolboxIds(Collection<? extends Event> events) {
    return events.stream().map(Event::toolboxId).distinct().toList();
  }
}
