package io.agentopia.toolbox.gateway.messaging;

import io.agentopia.toolbox.gateway.tool.ToolLifecycleHandler;
import io.agentopia.toolbox.gateway.view.BootHandler;
import io.agentopia.toolbox.gateway.view.HealthHandler;
import io.agentopia.toolbox.gateway.view.LifecycleHandler;
import io.agentopia.toolbox.gateway.view.ManifestHandler;
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
  @Inject LifecycleHandler toolboxLifecycle;
  @Inject BootHandler toolboxBoot;
  @Inject HealthHandler toolboxHealth;
  @Inject ManifestHandler toolboxManifests;
  @Inject ToolLifecycleHandler toolLifecycle;

  @Incoming("toolbox-lifecycle")
  Uni<Void> toolboxLifecycle(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxLifecycle);
  }

  @Incoming("toolbox-boot")
  Uni<Void> toolboxBoot(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxBoot);
  }

  @Incoming("toolbox-health")
  Uni<Void> toolboxHealth(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxHealth);
  }

  @Incoming("toolbox-manifests")
  Uni<Void> toolboxManifests(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolboxManifests);
  }

  @Incoming("tool-lifecycle")
  Uni<Void> toolLifecycle(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, toolLifecycle);
  }
}
