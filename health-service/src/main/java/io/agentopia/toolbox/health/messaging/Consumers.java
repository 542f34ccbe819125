package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The topic that this service reads in transactions; what agents and edges say in passing has
 * readers of its own.
 */
@ApplicationScoped
class Consumers {
  @Inject Inbound inbound;
  @Inject LifecycleHandler lifecycle;

  @Incoming("toolbox-lifecycle")
  Uni<Void> lifecycle(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, lifecycle);
  }
}
