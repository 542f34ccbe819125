package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.provisioner.store.AccountToolEnvironment;
import io.agentopia.toolbox.provisioner.store.Toolboxes;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** The health service's verdicts, as far as they change a toolbox's status. */
@ApplicationScoped
public class ToolboxHealthHandler implements EventHandler<ToolboxHealth> {
  private static final Logger LOG = Logger.getLogger(ToolboxHealthHandler.class);

  /** Of these {@link #asFact} makes nothing. */
  private static final Set<Class<? extends Event>> OF_NO_USE =
      Set.of(AgentUpgradeRequested.class, AlertRaised.class, AlertResolved.class);

  private final Inbound inbound;
  private final Toolboxes toolboxes;

  @Inject
  public ToolboxHealthHandler(Inbound inbound, Toolboxes toolboxes) {
    this.inbound = inbound;
    this.toolboxes = toolboxes;
  }

  @Incoming("toolbox-health")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, this);
  }

  @Override
  public Class<ToolboxHealth> type() {
    return ToolboxHealth.class;
  }

  @Override
  public boolean isOfUse(Class<? extends Event> type) {
    return !OF_NO_USE.contains(type);
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxHealth> events) {
    return session
        .find(AccountToolEnvironment.class, Event.toolboxIds(events).toArray())
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> handle(ToolboxHealth verdict, EventEnvelope envelope) {
    var fact = asFact(verdict);
    return fact.isEmpty()
        ? Uni.createFrom().voidItem()
        : toolboxes.findById(verdict.toolboxId()).flatMap(row -> apply(row, verdict, fact.get()));
  }

  static Optional<Fact> asFact(ToolboxHealth verdict) {
    return switch (verdict) {
      case DtmaHealthy e -> Optional.of(new Fact.AgentHealthy());
      case HealthRecovered e -> Optional.of(new Fact.AgentHealthy());
      case HealthDegraded e -> Optional.of(new Fact.AgentDegraded(e.reason()));
      case RemediationRequested e -> asFact(e);
      case AgentUpgradeRequested e -> Optional.empty();
      case AlertRaised e -> Optional.empty();
      case AlertResolved e -> Optional.empty();
    };
  }

  private static Optional<Fact> asFact(RemediationRequested wish) {
    if (wish.remedy().equals(RemediationRequested.RECREATE_DROPLET)) {
      return Optional.of(new Fact.RemedyRequested());
    }
    LOG.infof(
        "remedy not known here, nothing done: toolboxId=%s generation=%d remedy=%s",
        wish.toolboxId(), wish.generation(), wish.remedy());
    return Optional.empty();
  }

  /**
   * The fence: a verdict on another generation, or one that was overtaken by a later verdict, says
   * nothing about now.
   */
  private Uni<Void> apply(AccountToolEnvironment row, ToolboxHealth verdict, Fact fact) {
    if (row == null
        || row.generation != verdict.generation()
        || verdict.sequence() <= row.healthSequence) {
      return Uni.createFrom().voidItem();
    }
    row.healthSequence = verdict.sequence();
    return toolboxes.apply(row, fact).replaceWithVoid();
  }
}
