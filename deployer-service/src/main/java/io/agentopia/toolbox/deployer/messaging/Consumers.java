package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The deployer's topics, each to its handler. */
@ApplicationScoped
public class Consumers {
  @Inject Inbound inbound;
  @Inject EventHandler<ToolRequest> toolRequests;
  @Inject EventHandler<ToolboxLifecycle> toolboxLifecycle;
  @Inject EventHandler<ToolboxHealth> toolboxHealth;
  @Inject EventHandler<AgentReport> agentReports;

  @Incoming("tool-requests")
  public Uni<Void> toolRequests(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolRequests);
  }

  @Incoming("toolbox-lifecycle")
  public Uni<Void> toolboxLifecycle(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxLifecycle);
  }

  @Incoming("toolbox-health")
  public Uni<Void> toolboxHealth(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxHealth);
  }

  @Incoming("agent-reports")
  public Uni<Void> agentReports(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, agentReports);
  }
}
