package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxRejected;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.provisioner.work.Toolboxes;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.Preview;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Wishes about toolboxes. They may come from any gateway, so nothing about them is taken for
 * granted.
 */
@ApplicationScoped
public class ToolboxRequestsHandler implements EventHandler<ToolboxRequest> {
  /** A request that names a generation is one that was given up, and is replayed. */
  private static final Fact RETRY = new Fact.RetryRequested("the request was replayed");

  private final Toolboxes toolboxes;
  private final ToolboxStore store;
  private final Outbox outbox;

  @Inject
  public ToolboxRequestsHandler(Toolboxes toolboxes, ToolboxStore store, Outbox outbox) {
    this.toolboxes = toolboxes;
    this.store = store;
    this.outbox = outbox;
  }

  @Override
  public Class<ToolboxRequest> type() {
    return ToolboxRequest.class;
  }

  @Override
  public Uni<Void> handle(ToolboxRequest request, EventEnvelope envelope) {
    return switch (request) {
      case ToolboxRequested r ->
          store.find(r.toolboxId()).flatMap(toolbox -> requested(r, toolbox, envelope));
      case ToolboxDeletionRequested r ->
          existing(r, new Fact.DeletionRequested(r.force(), r.reason()));
      case ToolboxRecreationRequested r -> existing(r, new Fact.RecreationRequested(r.reason()));
    };
  }

  @Override
  public Uni<Optional<Preview>> preview(ToolboxRequest request) {
    return store
        .find(request.toolboxId())
        .map(toolbox -> toolbox == null ? Optional.empty() : preview(request, toolbox));
  }

  private Optional<Preview> preview(ToolboxRequest request, Toolbox toolbox) {
    if (!toolbox.accountId().equals(request.accountId())) {
      return Optional.empty();
    }
    var fact =
        switch (request) {
          case ToolboxRequested r -> RETRY;
          case ToolboxDeletionRequested r -> new Fact.DeletionRequested(r.force(), r.reason());
          case ToolboxRecreationRequested r -> new Fact.RecreationRequested(r.reason());
        };
    var outcome = toolboxes.preview(toolbox, fact);
    return Optional.of(ReplayWords.of(request, toolbox, outcome));
  }

  private Uni<Void> requested(ToolboxRequested request, Toolbox toolbox, EventEnvelope envelope) {
    if (toolbox != null) {
      checkAccount(request, toolbox);
      return request.generation() == toolbox.generation()
          ? toolboxes.apply(toolbox, RETRY).replaceWithVoid()
          : Uni.createFrom().voidItem(); // asked for before
    }
    var violations = new ArrayList<>(Rules.account(request.accountId()));
    violations.addAll(Rules.toolbox(request.name(), request.region(), request.size()));
    return violations.isEmpty()
        ? store
            .findByName(request.accountId(), request.name())
            .flatMap(other -> accept(request, other, envelope))
        : reject(request, envelope, violations);
  }

  private Uni<Void> accept(ToolboxRequested request, Toolbox other, EventEnvelope envelope) {
    if (other != null) {
      var taken = "is the name of toolbox " + other.id() + " of this account already";
      return reject(request, envelope, "name_taken", List.of(new Rules.Violation("name", taken)));
    }
    return toolboxes.accept(request, Trace.child(envelope.traceparent())).replaceWithVoid();
  }

  private Uni<Void> reject(
      ToolboxRequested request, EventEnvelope envelope, List<Rules.Violation> violations) {
    return reject(request, envelope, "invalid_request", violations);
  }

  private Uni<Void> reject(
      ToolboxRequested request,
      EventEnvelope envelope,
      String code,
      List<Rules.Violation> violations) {
    var why =
        violations.stream()
            .map(v -> v.field() + " " + v.message())
            .collect(Collectors.joining("; "));
    var rejected =
        new ToolboxRejected(
            new Subject(request.toolboxId(), request.accountId(), 1, 1),
            ToolboxStatus.ERROR_PROVISIONING,
            code,
            "Toolbox " + request.toolboxId() + " was not accepted: " + why + ".",
            "Correct the request and send it again with a new toolbox id.",
            violations.getFirst().field());
    return outbox.append(envelope.traceparent(), List.of(rejected));
  }

  private Uni<Void> existing(ToolboxRequest request, Fact fact) {
    return store
        .find(request.toolboxId())
        .flatMap(
            toolbox -> {
              if (toolbox == null) {
                throw new TransientFailure(
                    "unknown_toolbox",
                    "there is no toolbox "
                        + request.toolboxId()
                        + " (its request may still be on its way)");
              }
              checkAccount(request, toolbox);
              return isStale(request, toolbox)
                  ? Uni.createFrom().voidItem()
                  : toolboxes.apply(toolbox, fact).replaceWithVoid();
            });
  }

  /** A wish about a droplet that has been replaced since is not about the one that is there now. */
  private static boolean isStale(ToolboxRequest request, Toolbox toolbox) {
    return request.generation() > 0 && request.generation() < toolbox.generation();
  }

  private static void checkAccount(ToolboxRequest request, Toolbox toolbox) {
    if (!toolbox.accountId().equals(request.accountId())) {
      throw new PermanentFailure(
          "foreign_toolbox",
          "account "
              + request.accountId()
              + " asked about toolbox "
              + request.toolboxId()
              + ", which belongs to another account");
    }
  }
}
