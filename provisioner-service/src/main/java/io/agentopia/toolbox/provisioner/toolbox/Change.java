package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import java.util.ArrayList;

/** What is to be told of a change of a toolbox, and how it gets its numbers. */
final class Change {
  private Change() {}

  /** What is to be told of a change, short of its subject. */
  sealed interface EventOf {}

  /**
   * Makes an event of the lifecycle, of the toolbox as it was; the status is the one that holds
   * after it.
   */
  non-sealed interface LifecycleEventOf extends EventOf {
    ToolboxLifecycle make(Toolbox toolbox, Subject subject, ToolboxStatus status);
  }

  /**
   * A boot stage, which is counted for itself: it must not make the lifecycle's events stale. It is
   * of the droplet that there was, also where that one is replaced because of it.
   */
  record StageOf(BootStage stage, String detail, String logTail) implements EventOf {
    BootProgressed make(Toolbox toolbox, long sequence) {
      return new BootProgressed(
          new Subject(toolbox.id(), toolbox.accountId(), toolbox.generation(), sequence),
          stage,
          detail,
          logTail);
    }
  }

  /**
   * {@code toolbox} in {@code next}, with the events of it numbered on from the last one of their
   * topic.
   */
  static Changed<Toolbox, Event> changed(Toolbox toolbox, ToolboxState next, EventOf... events) {
    return changed(toolbox, toolbox.generation(), next, events);
  }

  static Changed<Toolbox, Event> changed(
      Toolbox toolbox, long generation, ToolboxState next, EventOf... events) {
    var made = new ArrayList<Event>(events.length);
    var sequence = toolbox.sequence();
    var bootSequence = toolbox.bootSequence();
    for (var event : events) {
      made.add(
          switch (event) {
            case LifecycleEventOf e ->
                e.make(
                    toolbox,
                    new Subject(toolbox.id(), toolbox.accountId(), generation, ++sequence),
                    next.status());
            case StageOf e -> e.make(toolbox, ++bootSequence);
          });
    }
    return new Changed<>(toolbox.told(generation, sequence, bootSequence, next), made);
  }
}
