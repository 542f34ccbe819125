package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/** How far droplets have come with their boot, onto the toolboxes' timelines. */
@ApplicationScoped
public class BootHandler implements EventHandler<BootProgressed> {
  @Override
  public Class<BootProgressed> type() {
    return BootProgressed.class;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<BootProgressed> events) {
    return Views.lock(session, events);
  }

  @Override
  public Uni<Void> handle(BootProgressed event, EventEnvelope envelope) {
    return Panache.getSession()
        .flatMap(session -> Views.of(session, event))
        .flatMap(view -> apply(view, event, envelope.time()));
  }

  private static Uni<Void> apply(ToolboxView view, BootProgressed event, Instant at) {
    if (view == null) {
      throw LifecycleHandler.unknownToolbox(event);
    }
    LifecycleHandler.checkAccount(view, event);
    return LifecycleHandler.note(event, ToolboxFold.apply(view, event, at), at);
  }
}
