package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.wake.Waker;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Which toolboxes are healthy. */
@ApplicationScoped
public class ToolboxHealthConsumer implements EventHandler<ToolboxHealth> {
  private final Inbound inbound;
  private final Deployments deployments;
  private final Waker waker;

  @Inject
  public ToolboxHealthConsumer(Inbound inbound, Deployments deployments, Waker waker) {
    this.inbound = inbound;
    this.deployments = deployments;
    this.waker = waker;
  }

  @Incoming("toolbox-health")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, this);
  }

  @Override
  public Class<ToolboxHealth> type() {
    return ToolboxHealth.class;
  }

  @Override
  public boolean isOfUse(Class<? extends Event> type) {
    return Toolbox.isOfUse(type);
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxHealth> events) {
    return deployments.prepare(events);
  }

  @Override
  public Uni<Void> handle(ToolboxHealth event, EventEnvelope envelope) {
    return deployments.handle(event, envelope);
  }

  @Override
  public void ended(String key) {
    waker.committed(key);
  }
}
