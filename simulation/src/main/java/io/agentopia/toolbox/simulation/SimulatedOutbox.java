package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.runtime.messaging.Failure;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** A service's outbox, in its open transaction. */
final class SimulatedOutbox implements Outbox {
  private final Service service;

  SimulatedOutbox(Service service) {
    this.service = service;
  }

  @Override
  public Uni<Void> append(String traceparent, Collection<? extends Event> events) {
    events.forEach(event -> service.open().append(World.index(event.toolboxId()), event));
    return Uni.createFrom().voidItem();
  }

  @Override
  public EventEnvelope envelope(Event event, String traceparent) {
    var world = service.world;
    return new EventEnvelope(
        new UUID(0, world.nextId()), "/" + service.name, world.instant(), traceparent, event);
  }

  @Override
  public Uni<Void> giveUp(
      String traceparent, Event wish, Failure failure, int attempts, Instant firstFailure) {
    service.open().giveUp(World.index(wish.toolboxId()), wish);
    return Uni.createFrom().voidItem();
  }
}
