package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.runtime.messaging.BrokerSettings;
import io.agentopia.toolbox.runtime.messaging.RecordProducer;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Publishes heartbeats: there are many, and none is in a hurry, so those of a moment go to the
 * broker together. Acknowledged as any other record.
 */
@Singleton
@Typed(BeatProducer.class)
class BeatProducer extends RecordProducer {
  private static final Duration LINGER = Duration.ofMillis(20);

  @Inject
  BeatProducer(BrokerSettings broker) {
    super(broker, LINGER);
  }
}
