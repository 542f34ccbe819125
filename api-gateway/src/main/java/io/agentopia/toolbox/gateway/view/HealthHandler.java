package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.gateway.manifest.AgentWaker;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/** The health service's verdicts into the read model. */
@ApplicationScoped
public class HealthHandler implements EventHandler<ToolboxHealth> {
  @Inject AgentWaker waker;

  @Override
  public Class<ToolboxHealth> type() {
    return ToolboxHealth.class;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxHealth> events) {
    return Views.lock(session, events);
  }

  @Override
  public Uni<Void> handle(ToolboxHealth event, EventEnvelope envelope) {
    return Panache.getSession()
        .flatMap(session -> Views.of(session, event))
        .invoke(
            view -> {
              // A verdict can overtake the lifecycle events, which come by another topic.
              if (view == null || event.generation() > view.generation) {
                throw new TransientFailure(
                    "unknown_toolbox",
                    "generation "
                        + event.generation()
                        + " of toolbox "
                        + event.toolboxId()
                        + " is not in the read model yet");
              }
              ToolboxFold.apply(view, event, envelope.time());
            })
        .replaceWithVoid();
  }

  /** One whose manifest changed before it could be called can be called now. */
  @Override
  public void ended(String key) {
    waker.wake();
  }
}
