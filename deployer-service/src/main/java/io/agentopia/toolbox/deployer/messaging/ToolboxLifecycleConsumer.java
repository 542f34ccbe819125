package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.wake.Waker;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** What became of toolboxes and their droplets. */
@ApplicationScoped
public class ToolboxLifecycleConsumer implements EventHandler<ToolboxLifecycle> {
  private final Inbound inbound;
  private final Deployments deployments;
  private final Waker waker;

  @Inject
  public ToolboxLifecycleConsumer(Inbound inbound, Deployments deployments, Waker waker) {
    this.inbound = inbound;
    this.deployments = deployments;
    this.waker = waker;
  }

  @Incoming("toolbox-lifecycle")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, this);
  }

  @Override
  public Class<ToolboxLifecycle> type() {
    return ToolboxLifecycle.class;
  }

  @Override
  public boolean isOfUse(Class<? extends Event> type) {
    return Toolbox.isOfUse(type);
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxLifecycle> events) {
    return deployments.prepare(events);
  }

  @Override
  public Uni<Void> handle(ToolboxLifecycle event, EventEnvelope envelope) {
    return deployments.handle(event, envelope);
  }

  @Override
  public void ended(String key) {
    waker.committed(key);
  }
}
