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
import io.agentopia.toolbox.provisioner.store.AccountToolEnvironment;
import io.agentopia.toolbox.provisioner.store.Toolboxes;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.Preview;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Wishes about toolboxes. They may come from any gateway, so nothing about them is taken for
 * granted.
 */
@ApplicationScoped
public class ToolboxRequestsHandler implements EventHandler<ToolboxRequest> {
  /** A request that names a generation is one that was given up, and is replayed. */
  private static final Fact RETRY = new Fact.RetryRequested("the request was replayed");

  private final Inbound inbound;
  private final Toolboxes toolboxes;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  public ToolboxRequestsHandler(Inbound inbound, Toolboxes toolboxes, Outbox outbox, Clock clock) {
    this.inbound = inbound;
    this.toolboxes = toolboxes;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Incoming("toolbox-requests")
  public Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    return inbound.receiveAll(records, this);
  }

  @Override
  public Class<ToolboxRequest> type() {
    return ToolboxRequest.class;
  }

  @Override
  public Uni<Void> handle(ToolboxRequest request, EventEnvelope envelope) {
    return switch (request) {
      case ToolboxRequested r ->
          toolboxes.findById(r.toolboxId()).flatMap(row -> requested(r, row, envelope));
      case ToolboxDeletionRequested r ->
          existing(r, new Fact.DeletionRequested(r.force(), r.reason()));
      case ToolboxRecreationRequested r -> existing(r, new Fact.RecreationRequested(r.reason()));
    };
  }

  @Override
  public Uni<Optional<Preview>> preview(ToolboxRequest request) {
    return toolboxes
        .findById(request.toolboxId())
        .map(row -> row == null ? Optional.empty() : preview(request, row));
  }

  private Optional<Preview> preview(ToolboxRequest request, AccountToolEnvironment row) {
    if (!row.accountId.equals(request.accountId())) {
      return Optional.empty();
    }
    var toolbox = row.toToolbox();
    var fact =
        switch (request) {
          case ToolboxRequested r -> RETRY;
          case ToolboxDeletionRequested r -> new Fact.DeletionRequested(r.force(), r.reason());
          case ToolboxRecreationRequested r -> new Fact.RecreationRequested(r.reason());
        };
    var outcome = toolboxes.lifecycle().apply(toolbox, fact, clock.instant());
    return Optional.of(ReplayWords.of(request, toolbox, outcome));
  }

  private Uni<Void> requested(
      ToolboxRequested request, AccountToolEnvironment row, EventEnvelope envelope) {
    if (row != null) {
      checkAccount(request, row);
      return request.generation() == row.generation
          ? toolboxes.apply(row, RETRY).replaceWithVoid()
          : Uni.createFrom().voidItem(); // asked for before
    }
    var violations = new ArrayList<>(Rules.account(request.accountId()));
    violations.addAll(Rules.toolbox(request.name(), request.region(), request.size()));
    return violations.isEmpty()
        ? toolboxes
            .findByName(request.accountId(), request.name())
            .flatMap(other -> accept(request, other, envelope))
        : reject(request, envelope, violations);
  }

  private Uni<Void> accept(
      ToolboxRequested request, AccountToolEnvironment other, EventEnvelope envelope) {
    if (other != null) {
      var taken = "is the name of toolbox " + other.id + " of this account already";
      return reject(request, envelope, "name_taken", List.of(new Rules.Violation("name", taken)));
    }
    return toolboxes
                .lifecycle()
                .accept(request, Trace.child(envelope.traceparent()), clock.instant())
            instanceof Outcome.Changed c
        ? toolboxes.insert(c).replaceWithVoid()
        : Uni.createFrom().voidItem();
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
    return toolboxes
        .findById(request.toolboxId())
        .flatMap(
            row -> {
              if (row == null) {
                throw new TransientFailure(
                    "unknown_toolbox",
                    "there is no toolbox "
                        + request.toolboxId()
                        + " (its request may still be on its way)");
              }
              checkAccount(request, row);
              return isStale(request, row)
                  ? Uni.createFrom().voidItem()
                  : toolboxes.apply(row, fact).replaceWithVoid();
            });
  }

  /** A wish about a droplet that has been replaced since is not about the one that is there now. */
  private static boolean isStale(ToolboxRequest request, AccountToolEnvironment row) {
    return request.generation() > 0 && request.generation() < row.generation;
  }

  private static void checkAccount(ToolboxRequest request, AccountToolEnvironment row) {
    if (!row.accountId.equals(request.accountId())) {
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
