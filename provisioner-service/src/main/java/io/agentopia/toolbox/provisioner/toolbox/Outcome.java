package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a fact made of a toolbox. */
public sealed interface Outcome {

  record Changed(Toolbox toolbox, List<ToolboxLifecycle> events) implements Outcome {}

  /** A late, repeated or impossible fact. */
  record Unchanged(String reason) implements Outcome {}

  /** The fields every event of a toolbox starts with. */
  record Base(
      UUID toolboxId, String accountId, long generation, long sequence, ToolboxStatus status) {}

  /** Makes an event of its first fields. */
  interface EventOf {
    ToolboxLifecycle make(Base base);
  }

  static Outcome unchanged(String reason) {
    return new Unchanged(reason);
  }

  /** {@code toolbox} in {@code next}, with the events of it numbered on from the last one. */
  static Outcome changed(Toolbox toolbox, ToolboxState next, EventOf... events) {
    return changed(toolbox, toolbox.generation(), next, events);
  }

  static Outcome changed(Toolbox toolbox, long generation, ToolboxState next, EventOf... events) {
    var made = new ArrayList<ToolboxLifecycle>(events.length);
    var sequence = toolbox.sequence();
    for (var event : events) {
      made.add(
          event.make(
              new Base(toolbox.id(), toolbox.accountId(), generation, ++sequence, next.status())));
    }
    return new Changed(
        new Toolbox(
            toolbox.id(),
            toolbox.accountId(),
            toolbox.name(),
            toolbox.region(),
            toolbox.size(),
            generation,
            sequence,
            toolbox.traceparent(),
            toolbox.createdAt(),
            next),
        List.copyOf(made));
  }
}
