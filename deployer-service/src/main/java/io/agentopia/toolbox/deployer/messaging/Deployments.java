package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.DeployPolicy;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.ToolboxTools;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The one path of every event that comes in: open the toolbox with its tools, decide, save what was
 * decided with the events it causes. Runs in the caller's transaction.
 */
@ApplicationScoped
public class Deployments {
  private static final Logger LOG = Logger.getLogger(Deployments.class);

  private final ToolboxStore toolboxes;
  private final Outbox outbox;
  private final DeployPolicy policy;
  private final Clock clock;

  @Inject
  public Deployments(ToolboxStore toolboxes, Outbox outbox, DeployPolicy policy, Clock clock) {
    this.toolboxes = toolboxes;
    this.outbox = outbox;
    this.policy = policy;
    this.clock = clock;
  }

  /** Locks the toolboxes of several events at once. */
  Uni<Void> prepare(Collection<? extends Event> events) {
    return toolboxes.lock(Event.toolboxIds(events));
  }

  Uni<Void> handle(Event event, EventEnvelope envelope) {
    return prepare(event)
        .chain(() -> open(event))
        .flatMap(
            found ->
                found
                    .map(tools -> decide(tools, event, envelope.traceparent()))
                    .orElseGet(() -> unknown(event)));
  }

  /** Runs a decision's consequences; a refusal becomes a failure, so that nothing is committed. */
  Uni<Void> carryOut(ToolboxTools before, Decision decision, String traceparent) {
    var toolboxId = before.toolbox().id();
    return switch (decision) {
      case Decision.Decided decided -> save(before, decided, traceparent);
      case Decision.Ignored it -> {
        LOG.debugf(
            "nothing changed: toolboxId=%s traceId=%s reason=%s",
            toolboxId, Trace.id(traceparent), it.reason());
        yield Uni.createFrom().voidItem();
      }
      case Decision.Refused it ->
          Uni.createFrom()
              .failure(
                  it.forGood()
                      ? new PermanentFailure(it.code(), it.message())
                      : new TransientFailure(it.code(), it.message()));
    };
  }

  private Uni<Void> decide(ToolboxTools tools, Event event, String traceparent) {
    return carryOut(tools, tools.decide(event, clock.instant(), policy), traceparent);
  }

  private Uni<Void> prepare(Event event) {
    return event instanceof ToolRequest request
        ? isOnItsOwnToolbox(request)
        : Uni.createFrom().voidItem();
  }

  private Uni<Void> isOnItsOwnToolbox(ToolRequest request) {
    return toolboxes
        .toolboxOf(request.toolInstanceId())
        .invoke(
            found ->
                found
                    .filter(toolbox -> !toolbox.equals(request.toolboxId()))
                    .ifPresent(
                        other -> {
                          throw wrongToolbox(request);
                        }))
        .replaceWithVoid();
  }

  /** The row is made if there is none: which topic tells first of a toolbox is a matter of luck. */
  private Uni<Optional<ToolboxTools>> open(Event event) {
    return find(event)
        .flatMap(
            found ->
                found.isEmpty() && tellsOfAToolbox(event)
                    ? hearOf(event).chain(() -> find(event))
                    : Uni.createFrom().item(found));
  }

  private Uni<Optional<ToolboxTools>> find(Event event) {
    UUID tool = event instanceof ToolRequest request ? request.toolInstanceId() : null;
    return toolboxes.open(event.toolboxId(), tool);
  }

  private Uni<Void> hearOf(Event event) {
    return toolboxes.hearOf(
        Toolbox.heardOf(
            event.toolboxId(), event.accountId(), isOwnersWord(event), clock.instant()));
  }

  private static boolean tellsOfAToolbox(Event event) {
    return switch (event) {
      case ToolboxLifecycle.ToolboxRejected e -> false;
      case ToolboxLifecycle e -> true;
      case ToolboxHealth e -> true;
      // It waits here for its toolbox, as it would for one that is not healthy.
      case ToolRequest.ToolDeployRequested e -> true;
      case ToolRequest e -> false;
      // An agent says a thing once: ahead of the provisioner's word it must count all the same.
      case AgentEvent e -> true;
      case ToolboxRequest e -> false;
      case ToolboxBoot e -> false;
      case ToolLifecycle e -> false;
      case ToolboxManifestChanged e -> false;
    };
  }

  private static boolean isOwnersWord(Event event) {
    return event instanceof ToolboxLifecycle || event instanceof ToolboxHealth;
  }

  private static Uni<Void> unknown(Event event) {
    return event instanceof ToolboxLifecycle.ToolboxRejected
        ? Uni.createFrom().voidItem() // the toolbox never came to be, and nothing waits for it
        : Uni.createFrom().failure(unknownToolbox(event));
  }

  private Uni<Void> save(ToolboxTools before, Decision.Decided decided, String traceparent) {
    var toolbox = decided.toolbox();
    decided
        .unchanged()
        .forEach(
            reason ->
                LOG.debugf(
                    "tool unchanged: toolboxId=%s traceId=%s reason=%s",
                    toolbox.id(), Trace.id(traceparent), reason));
    if (decided.changesNothing(before.toolbox())) {
      return Uni.createFrom().voidItem(); // a row that says the same is not written again
    }
    decided.events().forEach(event -> log(event, traceparent));
    return toolboxes
        .save(decided, clock.instant())
        .chain(() -> outbox.append(traceparent, decided.published()));
  }

  private static void log(ToolLifecycle event, String traceparent) {
    LOG.infof(
        "tool changed: event=%s toolboxId=%s generation=%d toolInstanceId=%s status=%s manifestGeneration=%d traceId=%s",
        event.getClass().getSimpleName(),
        event.toolboxId(),
        event.generation(),
        event.toolInstanceId(),
        event.status().wire(),
        event.manifestGeneration(),
        Trace.id(traceparent));
  }

  private static PermanentFailure wrongToolbox(ToolRequest request) {
    return new PermanentFailure(
        "wrong_toolbox",
        "%s names tool instance %s with toolbox %s, but it is on another toolbox; use the ids that belong together."
            .formatted(
                request.getClass().getSimpleName(), request.toolInstanceId(), request.toolboxId()));
  }

  private static TransientFailure unknownToolbox(Event event) {
    return new TransientFailure(
        "toolbox_unknown",
        "%s names toolbox %s, which the deployer has not heard of yet; it is tried again until the provisioner has told of it."
            .formatted(event.getClass().getSimpleName(), event.toolboxId()));
  }
}
