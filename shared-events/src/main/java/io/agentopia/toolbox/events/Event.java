package io.agentopia.toolbox.events;

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
        AgentEvent {

  /** The toolbox concerned; also the Kafka key, so order holds per toolbox within a topic. */
  UUID toolboxId();

  /** The account that owns the toolbox. Every consumer checks it against its own row. */
  String accountId();

  /**
   * Which droplet of the toolbox this is about: 1 for the first, one more for each replacement. In
   * a wish, 0 means "whichever is current".
   */
  long generation();

  /**
   * Rises by at least one with each event its writer publishes about this toolbox; 0 where the
   * writer keeps no count.
   */
  long sequence();
}
