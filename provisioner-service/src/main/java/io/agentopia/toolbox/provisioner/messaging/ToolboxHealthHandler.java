package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.provisioner.work.Toolboxes;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** The health service's verdicts, as far as they change a toolbox's status. */
@ApplicationScoped
public class ToolboxHealthHandler implements EventHandler<ToolboxHealth> {
  private static final Logger LOG = Logger.getLogger(ToolboxHealthHandler.class);

  /** Of these {@link #asFact} makes nothing. */
  private static final Set<Class<? extends Event>> OF_NO_USE =
      Set.of(AgentUpgradeRequested.class, AlertRaised.class, AlertResolved.class);

  private final Toolboxes toolboxes;
  private final ToolboxStore store;

  @Inject
  public ToolboxHealthHandler(Toolboxes toolboxes, ToolboxStore store) {
    this.toolboxes = toolboxes;
    this.store = store;
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
    return store.readTogether(Event.toolboxIds(events));
  }

  @Override
  public Uni<Void> handle(ToolboxHealth verdict, EventEnvelope envelope) {
    var fact = asFact(verdict);
    return fact.isEmpty()
        ? Uni.createFrom().voidItem()
        : store
            .find(verdict.toolboxId())
            .flatMap(toolbox -> apply(toolbox, verdict.subject(), fact.get()));
  }

  private Uni<Void> apply(Toolbox toolbox, Subject verdict, Fact fact) {
    return toolbox == null
        ? Uni.createFrom().voidItem()
        : toolboxes.applyVerdict(toolbox, verdict, fact).replaceWithVoid();
  }

  static Optional<Fact> asFact(ToolboxHealth verdict) {
    return switch (verdict) {
      case DtmaHealthy e -> Optional.of(new Fact.AgentHealthy());
      case HealthRecovered e -> Optional.of(new Fact.AgentHealthy());
      case HealthDegraded e -> Optional.of(new Fact.AgentDegraded(e.reason().wire()));
      case RemediationRequested e -> asFact(e);
      case AgentUpgradeRequested e -> Optional.empty();
      case AlertRaised e -> Optional.empty();
      case AlertResolved e -> Optional.empty();
    };
  }

  private static Optional<Fact> asFact(RemediationRequested wish) {
    if (wish.remedy().equals(Remedy.RECREATE_DROPLET)) {
      return Optional.of(new Fact.RemedyRequested());
    }
    LOG.infof(
        "remedy not known here, nothing done: toolboxId=%s generation=%d remedy=%s",
        wish.toolboxId(), wish.generation(), wish.remedy());
    return Optional.empty();
  }
}
