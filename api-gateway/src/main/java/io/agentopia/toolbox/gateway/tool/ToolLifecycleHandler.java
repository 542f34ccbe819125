package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.gateway.view.Views;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/** The deployer's story into the read model. */
@ApplicationScoped
public class ToolLifecycleHandler implements EventHandler<ToolLifecycle> {
  @Override
  public Class<ToolLifecycle> type() {
    return ToolLifecycle.class;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolLifecycle> events) {
    return Views.lock(session, events)
        .flatMap(
            x ->
                session.find(
                    ToolView.class,
                    events.stream().map(ToolLifecycle::toolInstanceId).distinct().toArray()))
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> handle(ToolLifecycle event, EventEnvelope envelope) {
    return Panache.getSession()
        .flatMap(s -> Views.of(s, event))
        .flatMap(x -> Panache.getSession())
        .flatMap(s -> s.find(ToolView.class, event.toolInstanceId()))
        .invoke(tool -> apply(tool, event, envelope))
        .replaceWithVoid();
  }

  private static void apply(ToolView tool, ToolLifecycle event, EventEnvelope envelope) {
    if (tool == null) {
      throw new PermanentFailure(
          "unknown_tool",
          "tool " + event.toolInstanceId() + " was not asked for through this gateway");
    }
    ToolFold.apply(tool, event, envelope.time());
  }
}
