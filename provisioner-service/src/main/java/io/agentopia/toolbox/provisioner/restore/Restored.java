package io.agentopia.toolbox.provisioner.restore;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.store.AccountToolEnvironment;
import io.agentopia.toolbox.provisioner.store.ToolboxTable;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Recollection;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.restore.Recalling;
import io.agentopia.toolbox.runtime.restore.Retelling;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The provisioner after a restore of its database: its toolboxes are as it had told, and it tells
 * them again.
 */
@ApplicationScoped
public class Restored implements Recalling, Retelling {
  private static final Logger LOG = Logger.getLogger(Restored.class);

  private final ToolboxTable toolboxes;
  private final Recollection recollection;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  public Restored(ToolboxTable toolboxes, ProvisionerConfig config, Outbox outbox, Clock clock) {
    this.toolboxes = toolboxes;
    this.recollection = new Recollection(config.deadlines());
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public List<String> topics() {
    return List.of(Topics.TOOLBOX_LIFECYCLE);
  }

  @Override
  public Uni<Void> recall(List<EventEnvelope> told) {
    return InTurn.each(told, this::recall);
  }

  private Uni<Void> recall(EventEnvelope told) {
    return told.event() instanceof ToolboxLifecycle event
        ? toolboxes.find(event.toolboxId()).flatMap(known -> recall(known, event, told))
        : Uni.createFrom().voidItem();
  }

  private Uni<Void> recall(Toolbox known, ToolboxLifecycle event, EventEnvelope envelope) {
    var now = clock.instant();
    var recalled = recollection.after(known, event, envelope.time(), now);
    if (recalled.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var toolbox = recalled.get();
    LOG.debugf(
        "toolbox recalled: toolboxId=%s generation=%d sequence=%d status=%s",
        toolbox.id(), toolbox.generation(), toolbox.sequence(), toolbox.status().wire());
    var dueAt = Planner.dueAt(toolbox, now);
    return known == null ? toolboxes.insert(toolbox, dueAt) : toolboxes.save(toolbox, dueAt);
  }

  @Override
  public Uni<Integer> retell(long floor, int most) {
    return toolboxes
        .find("sequence < ?1 order by id", floor)
        .range(0, most - 1)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .call(rows -> retell(rows, floor))
        .map(List::size);
  }

  private Uni<Void> retell(List<AccountToolEnvironment> rows, long floor) {
    return InTurn.each(rows, row -> retell(row, floor));
  }

  private Uni<Void> retell(AccountToolEnvironment row, long floor) {
    var now = clock.instant();
    var told = Lifecycle.toldAgain(row.toToolbox(), floor);
    row.write(told.to(), row.nextAt, now);
    return Panache.flush().flatMap(x -> outbox.append(told.to().traceparent(), told.events()));
  }
}
