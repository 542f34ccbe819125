package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The topics that this service reads, each poll to its handler. */
@ApplicationScoped
class Consumers {
  @Inject Inbound inbound;
  @Inject ToolboxRequestsHandler requests;
  @Inject ToolboxHealthHandler health;

  @Incoming("toolbox-requests")
  Uni<Void> requests(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, requests);
  }

  @Incoming("toolbox-health")
  Uni<Void> health(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, health);
  }
}
