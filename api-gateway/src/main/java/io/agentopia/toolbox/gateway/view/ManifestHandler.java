package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.gateway.manifest.AgentWaker;
import io.agentopia.toolbox.gateway.manifest.Manifests;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/** What shall run on droplets: kept for their agents, who are told that it has changed. */
@ApplicationScoped
public class ManifestHandler implements EventHandler<ToolboxManifestChanged> {
  @Inject Manifests manifests;
  @Inject AgentWaker waker;

  @Override
  public Class<ToolboxManifestChanged> type() {
    return ToolboxManifestChanged.class;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxManifestChanged> events) {
    return Views.lock(session, events);
  }

  @Override
  public Uni<Void> handle(ToolboxManifestChanged event, EventEnvelope envelope) {
    return Panache.getSession()
        .flatMap(
            session ->
                Views.of(session, event)
                    .invoke(view -> take(view, event))
                    .flatMap(view -> manifests.keep(session, event)));
  }

  /**
   * Heartbeats' answers tell the generation that is served here, and no other. It never falls, not
   * even with a new droplet, so one that comes late is stopped by it alone.
   */
  private static void take(ToolboxView view, ToolboxManifestChanged event) {
    if (view == null) {
      throw LifecycleHandler.unknownToolbox(event);
    }
    LifecycleHandler.checkAccount(view, event);
    view.manifestGeneration = Math.max(view.manifestGeneration, event.manifestGeneration());
  }

  @Override
  public void ended(String key) {
    waker.wake();
  }
}
