package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.wake.Waker;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** What agents say of their tools. */
@ApplicationScoped
public class AgentReportsConsumer implements EventHandler<AgentReport> {
  private final Inbound inbound;
  private final Deployments deployments;
  private final Waker waker;

  @Inject
  public AgentReportsConsumer(Inbound inbound, Deployments deployments, Waker waker) {
    this.inbound = inbound;
    this.deployments = deployments;
    this.waker = waker;
  }

  @Incoming("agent-reports")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, this);
  }

  @Override
  public Class<AgentReport> type() {
    return AgentReport.class;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<AgentReport> events) {
    return deployments.prepare(events);
  }

  @Override
  public Uni<Void> handle(AgentReport event, EventEnvelope envelope) {
    return deployments.handle(event, envelope);
  }

  @Override
  public void ended(String key) {
    waker.committed(key);
  }
}
