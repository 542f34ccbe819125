package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.store.HealthRow;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Which toolboxes are to be watched: from DropletReady until they are on their way out. */
@ApplicationScoped
public class LifecycleHandler implements EventHandler {
  private static final Set<ToolboxStatus> NOT_WATCHED =
      EnumSet.of(
          ToolboxStatus.PENDING_PROVISION,
          ToolboxStatus.PROVISIONING,
          ToolboxStatus.ERROR_PROVISIONING,
          ToolboxStatus.PENDING_DEPROVISION,
          ToolboxStatus.DEPROVISIONING,
          ToolboxStatus.DEPROVISIONED,
          ToolboxStatus.ERROR_DEPROVISIONING);

  private final Inbound inbound;
  private final HealthRows rows;
  private final Clock clock;

  @Inject
  public LifecycleHandler(Inbound inbound, HealthRows rows, Clock clock) {
    this.inbound = inbound;
    this.rows = rows;
    this.clock = clock;
  }

  @Incoming("toolbox-lifecycle")
  public Uni<Void> consume(ConsumerRecord<String, byte[]> record) {
    return inbound.receive(record, this);
  }

  @Override
  public String topic() {
    return Topics.TOOLBOX_LIFECYCLE;
  }

  @Override
  public Uni<Void> handle(EventEnvelope envelope) {
    if (!(envelope.event() instanceof ToolboxLifecycle event)) {
      throw new PermanentFailure(
          "wrong_topic",
          envelope.event().getClass().getSimpleName() + " does not belong on " + topic());
    }
    return rows.findById(event.toolboxId())
        .flatMap(row -> row == null ? first(event) : next(row, event));
  }

  private Uni<Void> first(ToolboxLifecycle event) {
    var now = clock.instant();
    var row = new HealthRow();
    row.toolboxId = event.toolboxId();
    row.accountId = event.accountId();
    row.generation = event.generation();
    row.watchedSince = now;
    row.health(new Unwatched(), now);
    apply(row, event);
    return rows.persist(row).replaceWithVoid();
  }

  private Uni<Void> next(HealthRow row, ToolboxLifecycle event) {
    if (event.sequence() > row.lifecycleSequence && event.generation() >= row.generation) {
      apply(row, event);
    }
    return Uni.createFrom().voidItem();
  }

  private void apply(HealthRow row, ToolboxLifecycle event) {
    var now = clock.instant();
    row.lifecycleSequence = event.sequence();
    if (event.generation() > row.generation) {
      row.generation = event.generation();
      row.lastHeartbeat = null;
      row.lastHeartbeatAt = null;
      row.dockerLostAt = null;
      row.health(new Unwatched(), now);
    }
    if (NOT_WATCHED.contains(event.status())) {
      row.health(new Unwatched(), now);
      row.lookAgainAt = null;
    } else if (event instanceof DropletReady && row.health() instanceof Unwatched) {
      row.watchedSince = now;
      row.health(new Starting(now), now);
      row.lookAgainAt = now;
    }
  }
}
