package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.health.watch.EvaluationLoop;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Heartbeats go to memory without a transaction: the next one says it all again. They count from
 * when they were received here: another machine's clock says nothing of when somebody fell silent.
 * What is no heartbeat takes the common way to the dead letters.
 */
@ApplicationScoped
public class HeartbeatReader implements EventHandler<AgentHeartbeat> {
  private final Inbound inbound;
  private final EvaluationLoop round;
  private final Clock clock;

  @Inject
  public HeartbeatReader(Inbound inbound, EvaluationLoop round, Clock clock) {
    this.inbound = inbound;
    this.round = round;
    this.clock = clock;
  }

  @Incoming("agent-heartbeats")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    var handled = new ArrayList<Uni<Void>>(records.count());
    records.forEach(record -> handled.add(inbound.receiveVolatile(record, this)));
    return Uni.join()
        .all(handled)
        .andCollectFailures()
        .invoke(() -> tellHowFar(records))
        .replaceWithVoid();
  }

  private void tellHowFar(ConsumerRecords<String, byte[]> records) {
    for (var partition : records.partitions()) {
      var read = records.records(partition);
      round.read(partition.partition(), read.getFirst().offset(), read.getLast().offset());
    }
  }

  @Override
  public Class<AgentHeartbeat> type() {
    return AgentHeartbeat.class;
  }

  @Override
  public Uni<Void> handle(AgentHeartbeat heartbeat, EventEnvelope envelope) {
    round.heard(heartbeat, clock.instant());
    return Uni.createFrom().voidItem();
  }
}
