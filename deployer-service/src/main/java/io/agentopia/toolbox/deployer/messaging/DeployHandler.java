package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/** Events of one topic: whatever they tell, they go the one path of {@link Deployments}. */
public final class DeployHandler<E extends Event> implements EventHandler<E> {
  private final Class<E> type;
  private final Deployments deployments;

  public DeployHandler(Class<E> type, Deployments deployments) {
    this.type = type;
    this.deployments = deployments;
  }

  @Override
  public Class<E> type() {
    return type;
  }

  @Override
  public boolean isOfUse(Class<? extends Event> some) {
    return Toolbox.isOfUse(some);
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<E> events) {
    return deployments.prepare(events);
  }

  @Override
  public Uni<Void> handle(E event, EventEnvelope envelope) {
    return deployments.handle(event, envelope);
  }
}
