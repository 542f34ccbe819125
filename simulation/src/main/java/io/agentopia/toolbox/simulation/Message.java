package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import java.time.Instant;
import java.util.UUID;

/** An event on its way. {@code committed} is what its writer's database says of it. */
final class Message {
  final long id;
  final String topic;
  final int toolbox;
  final Event event;
  boolean committed;
  int published;

  /** No reader can make anything of it, until operators have seen to that. */
  boolean isPoison;

  Message(long id, String topic, int toolbox, Event event, boolean committed) {
    this.id = id;
    this.topic = topic;
    this.toolbox = toolbox;
    this.event = event;
    this.committed = committed;
  }

  @Override
  public String toString() {
    return event.getClass().getSimpleName()
        + " #"
        + id
        + " generation="
        + event.generation()
        + " sequence="
        + event.sequence();
  }

  /** As a service reads it; the ids of one world are unique in it. */
  EventEnvelope envelope() {
    return new EventEnvelope(new UUID(0, id), "/simulation", Instant.EPOCH, null, event);
  }
}
