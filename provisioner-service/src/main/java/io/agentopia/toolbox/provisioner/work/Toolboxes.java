package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.GivenUp;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import io.agentopia.toolbox.runtime.messaging.Failure;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The one way in which a fact changes a toolbox: lifecycle, store and outbox in one unit of work.
 */
@ApplicationScoped
public class Toolboxes {
  private static final Logger LOG = Logger.getLogger(Toolboxes.class);

  private final Lifecycle lifecycle;
  private final ToolboxStore store;
  private final UnitOfWork units;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  public Toolboxes(
      Lifecycle lifecycle, ToolboxStore store, UnitOfWork units, Outbox outbox, Clock clock) {
    this.lifecycle = lifecycle;
    this.store = store;
    this.units = units;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** A new one, in the unit of work under way. */
  public Uni<Transition<Toolbox, Event>> accept(ToolboxRequested request, String traceparent) {
    return switch (lifecycle.accept(request, traceparent, clock.instant())) {
      case Changed<Toolbox, Event> c ->
          store
              .insert(c.to(), Planner.dueAt(c.to(), clock.instant()))
              .flatMap(x -> outbox.append(traceparent, c.events()))
              .replaceWith(c);
      case Ignored<Toolbox, Event> u -> Uni.createFrom().item(u);
    };
  }

  /** What a fact would make of it. */
  public Transition<Toolbox, Event> preview(Toolbox toolbox, Fact fact) {
    return lifecycle.apply(toolbox, fact, clock.instant());
  }

  /** Applies a fact in the unit of work under way. */
  public Uni<Transition<Toolbox, Event>> apply(Toolbox toolbox, Fact fact) {
    return apply(toolbox, fact, Duration.ZERO);
  }

  /**
   * As {@link #apply(Toolbox, Fact)}.
   *
   * @param hold how long the row is left to the caller when its next step is due at once; zero:
   *     anybody may take it
   */
  public Uni<Transition<Toolbox, Event>> apply(Toolbox toolbox, Fact fact, Duration hold) {
    return take(toolbox, fact, lifecycle.apply(toolbox, fact, clock.instant()), hold);
  }

  /** As {@link #apply(Toolbox, Fact)}, of what a verdict on its health says. */
  public Uni<Transition<Toolbox, Event>> applyVerdict(Toolbox toolbox, Subject verdict, Fact fact) {
    return take(
        toolbox,
        fact,
        lifecycle.applyVerdict(toolbox, verdict, fact, clock.instant()),
        Duration.ZERO);
  }

  /** Applies a fact in a unit of work of its own. */
  public Uni<Transition<Toolbox, Event>> record(UUID id, Fact fact) {
    return units.inTransaction(() -> store.find(id).flatMap(toolbox -> apply(toolbox, fact)));
  }

  /**
   * As {@link #record}, of what came of a step.
   *
   * @param begun the toolbox as the step saw it
   * @param hold as of {@link #apply(Toolbox, Fact, Duration)}
   */
  public Uni<Transition<Toolbox, Event>> recordResult(Toolbox begun, Fact result, Duration hold) {
    return units.inTransaction(
        () ->
            store
                .find(begun.id())
                .flatMap(
                    toolbox ->
                        take(
                            toolbox,
                            result,
                            lifecycle.applyResult(toolbox, begun, result, clock.instant()),
                            hold)));
  }

  private Uni<Transition<Toolbox, Event>> take(
      Toolbox before, Fact fact, Transition<Toolbox, Event> outcome, Duration hold) {
    return switch (outcome) {
      case Ignored<Toolbox, Event> u -> ignored(before, fact, u);
      case Changed<Toolbox, Event> c when c.to().isWhere(before) ->
          store.save(c.to()).replaceWith(c);
      case Changed<Toolbox, Event> c -> save(before, c, hold);
    };
  }

  private Uni<Transition<Toolbox, Event>> save(
      Toolbox before, Changed<Toolbox, Event> changed, Duration hold) {
    var now = clock.instant();
    var dueAt = Planner.dueAt(changed.to(), now);
    log(changed.to(), changed);
    return store
        .save(changed.to(), now.equals(dueAt) ? now.plus(hold) : dueAt)
        .flatMap(ignored -> outbox.append(changed.to().traceparent(), changed.events()))
        .flatMap(ignored -> giveUp(before, changed.to(), now))
        .replaceWith(changed);
  }

  /** A wish that ends in an error is a dead letter too: operators can replay it. */
  private Uni<Void> giveUp(Toolbox before, Toolbox after, Instant now) {
    return GivenUp.of(before, after)
        .map(
            up ->
                outbox.giveUp(
                    after.traceparent(),
                    up.wish(),
                    new Failure.Permanent(up.trouble().code(), up.trouble().message()),
                    up.attempts(),
                    now))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  private static void log(Toolbox toolbox, Changed<Toolbox, Event> changed) {
    LOG.infof(
        "toolbox changed: toolboxId=%s generation=%d status=%s state=%s events=%s traceId=%s",
        toolbox.id(),
        toolbox.generation(),
        toolbox.status().wire(),
        toolbox.state().getClass().getSimpleName(),
        changed.events().stream().map(e -> e.getClass().getSimpleName()).toList(),
        Trace.id(toolbox.traceparent()));
  }

  private static Uni<Transition<Toolbox, Event>> ignored(
      Toolbox toolbox, Fact fact, Ignored<Toolbox, Event> outcome) {
    LOG.debugf(
        "toolbox unchanged: toolboxId=%s state=%s fact=%s reason=%s",
        toolbox.id(),
        toolbox.state().getClass().getSimpleName(),
        fact.getClass().getSimpleName(),
        outcome.why());
    return Uni.createFrom().item(outcome);
  }
}
