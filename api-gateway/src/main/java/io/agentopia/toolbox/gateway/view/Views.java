package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.Event;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The read model's rows for handlers of events. Several topics tell of one toolbox at the same
 * time: its row is locked, so that they come one after the other and none is done again.
 */
public final class Views {
  private Views() {}

  /** Those of many events at once, in the order of their ids. */
  public static Uni<Void> lock(Mutiny.Session session, Collection<? extends Event> events) {
    return session
        .createQuery("from ToolboxView where id in :ids order by id", ToolboxView.class)
        .setParameter("ids", Event.toolboxIds(events))
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList()
        .replaceWithVoid();
  }

  /** The event's toolbox, or null; asks for nothing that {@link #lock} has read. */
  public static Uni<ToolboxView> of(Mutiny.Session session, Event event) {
    return session.find(ToolboxView.class, event.toolboxId(), LockModeType.PESSIMISTIC_WRITE);
  }
}
