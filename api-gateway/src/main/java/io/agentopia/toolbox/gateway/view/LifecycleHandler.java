package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxAccepted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxRejected;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.gateway.view.ToolboxFold.Stage;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The provisioner's story into the read model; also of toolboxes that another gateway asked for.
 */
@ApplicationScoped
public class LifecycleHandler implements EventHandler<Event> {
  @Override
  public Class<Event> type() {
    return Event.class;
  }

  @Override
  public String topic() {
    return Topics.TOOLBOX_LIFECYCLE;
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<Event> events) {
    return Views.lock(session, events);
  }

  @Override
  public Uni<Void> handle(Event event, EventEnvelope envelope) {
    if (!(event instanceof ToolboxLifecycle || event instanceof BootProgressed)) {
      throw new PermanentFailure(
          "wrong_topic", event.getClass().getSimpleName() + " does not belong on " + topic());
    }
    return Panache.getSession()
        .flatMap(session -> Views.of(session, event))
        .flatMap(
            view -> view == null ? insert(event, envelope.time()) : Uni.createFrom().item(view))
        .flatMap(view -> apply(view, event, envelope.time()));
  }

  private static Uni<ToolboxView> insert(Event event, Instant at) {
    var view = ToolboxView.of(event.toolboxId(), event.accountId(), at);
    view.generation = event.generation();
    switch (event) {
      case ToolboxAccepted e -> view.named(e.status(), e.name(), e.region(), e.size());
      case ToolboxRejected e -> view.named(e.status(), "(not accepted)", "-", "-");
      default -> throw unknownToolbox(event);
    }
    return Panache.getSession()
        .flatMap(session -> session.persist(view).flatMap(x -> session.flush()))
        .replaceWith(view);
  }

  private static Uni<Void> apply(ToolboxView view, Event event, Instant at) {
    checkAccount(view, event);
    return note(event, fold(view, event, at), at);
  }

  private static Optional<Stage> fold(ToolboxView view, Event event, Instant at) {
    return event instanceof BootProgressed earlier
        ? ToolboxFold.applyEarlierForm(view, earlier, at)
        : ToolboxFold.apply(view, (ToolboxLifecycle) event, at);
  }

  static void checkAccount(ToolboxView view, Event event) {
    if (!view.accountId.equals(event.accountId())) {
      throw new PermanentFailure(
          "foreign_toolbox",
          "toolbox " + view.id + " belongs to another account than " + event.accountId());
    }
  }

  /** Onto the timeline, if it is a stage. */
  static Uni<Void> note(Event event, Optional<Stage> reached, Instant at) {
    return reached
        .map(
            stage ->
                Panache.getSession()
                    .flatMap(
                        s ->
                            s.persist(
                                TimelineEntry.of(
                                    event.toolboxId(), event.generation(), stage, at))))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  static TransientFailure unknownToolbox(Event event) {
    return new TransientFailure(
        "unknown_toolbox",
        "there is no toolbox "
            + event.toolboxId()
            + " in the read model yet; its first event may still be on its way");
  }
}
