package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.health.watch.Edges;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Signs of life of the gateway's instances; each instance here reads all of them, in a group of its
 * own. What is found at a start says that there are edges; whether they live is said by the next.
 */
@ApplicationScoped
public class EdgePulseReader {
  private final Edges edges;
  private final Clock clock;

  @Inject
  public EdgePulseReader(Edges edges, Clock clock) {
    this.edges = edges;
    this.clock = clock;
  }

  @Incoming("edge-pulses")
  public void consume(ConsumerRecords<String, byte[]> pulses) {
    edges.alive(clock.instant());
  }
}
