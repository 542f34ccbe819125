package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.GivenUp;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.runtime.messaging.Conflict;
import io.agentopia.toolbox.runtime.messaging.Failure;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Toolboxes at rest, and the one way in which a fact changes one: lifecycle, row and outbox in the
 * caller's transaction.
 */
@ApplicationScoped
public class Toolboxes implements PanacheRepositoryBase<AccountToolEnvironment, UUID> {
  private static final Logger LOG = Logger.getLogger(Toolboxes.class);

  private final Lifecycle lifecycle;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  public Toolboxes(ProvisionerConfig config, Outbox outbox, Clock clock) {
    this.lifecycle = new Lifecycle(config.deadlines());
    this.outbox = outbox;
    this.clock = clock;
  }

  public Lifecycle lifecycle() {
    return lifecycle;
  }

  /** Applies a fact in the current transaction. */
  public Uni<Outcome> apply(AccountToolEnvironment row, Fact fact) {
    return apply(row, fact, Duration.ZERO);
  }

  /**
   * As {@link #apply(AccountToolEnvironment, Fact)}.
   *
   * @param hold how long the row is left to the caller when its next step is due at once; zero:
   *     anybody may take it
   */
  public Uni<Outcome> apply(AccountToolEnvironment row, Fact fact, Duration hold) {
    var before = row.toToolbox();
    return take(row, fact, before, lifecycle.apply(before, fact, clock.instant()), hold);
  }

  private Uni<Outcome> take(
      AccountToolEnvironment row, Fact fact, Toolbox before, Outcome outcome, Duration hold) {
    return switch (outcome) {
      case Outcome.Unchanged u -> unchanged(row, fact, u);
      case Outcome.Changed c -> save(row, before, c, hold);
    };
  }

  /**
   * Applies a fact in a transaction of its own. Two writers who meet at one row: the loser reads
   * again and decides anew.
   */
  public Uni<Outcome> record(UUID id, Fact fact) {
    return inTransaction(() -> findById(id).flatMap(row -> apply(row, fact)));
  }

  /**
   * As {@link #record}, of what came of a step.
   *
   * @param begun the toolbox as the step saw it
   * @param hold as of {@link #apply(AccountToolEnvironment, Fact, Duration)}
   */
  public Uni<Outcome> recordResult(Toolbox begun, Fact result, Duration hold) {
    return inTransaction(
        () ->
            findById(begun.id())
                .flatMap(
                    row -> {
                      var before = row.toToolbox();
                      var now = clock.instant();
                      return take(
                          row,
                          result,
                          before,
                          lifecycle.applyResult(before, begun, result, now),
                          hold);
                    }));
  }

  private static Uni<Outcome> inTransaction(Supplier<Uni<Outcome>> work) {
    return Panache.withTransaction(work).onFailure(Conflict::is).retry().atMost(Conflict.RETRIES);
  }

  public Uni<Outcome> insert(Outcome.Changed accepted) {
    var now = clock.instant();
    var row =
        AccountToolEnvironment.of(accepted.toolbox(), Planner.dueAt(accepted.toolbox(), now), now);
    return persist(row)
        .flatMap(r -> Panache.flush())
        .flatMap(r -> outbox.append(accepted.toolbox().traceparent(), accepted.events()))
        .replaceWith(accepted);
  }

  /** Live toolbox of that name in the account. */
  public Uni<AccountToolEnvironment> findByName(String accountId, String name) {
    return find("accountId = ?1 and name = ?2 and status <> 'deprovisioned'", accountId, name)
        .firstResult();
  }

  private Uni<Outcome> save(
      AccountToolEnvironment row, Toolbox before, Outcome.Changed changed, Duration hold) {
    var now = clock.instant();
    var dueAt = Planner.dueAt(changed.toolbox(), now);
    row.write(changed.toolbox(), now.equals(dueAt) ? now.plus(hold) : dueAt, now);
    log(changed.toolbox(), changed);
    return Panache.flush()
        .flatMap(ignored -> outbox.append(changed.toolbox().traceparent(), changed.events()))
        .flatMap(ignored -> giveUp(before, changed.toolbox(), now))
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

  private static void log(Toolbox toolbox, Outcome.Changed changed) {
    LOG.infof(
        "toolbox changed: toolboxId=%s generation=%d status=%s state=%s events=%s traceId=%s",
        toolbox.id(),
        toolbox.generation(),
        toolbox.status().wire(),
        toolbox.state().getClass().getSimpleName(),
        changed.events().stream().map(e -> e.getClass().getSimpleName()).toList(),
        Trace.id(toolbox.traceparent()));
  }

  private static Uni<Outcome> unchanged(
      AccountToolEnvironment row, Fact fact, Outcome.Unchanged outcome) {
    LOG.debugf(
        "toolbox unchanged: toolboxId=%s state=%s fact=%s reason=%s",
        row.id, row.stateType, fact.getClass().getSimpleName(), outcome.reason());
    return Uni.createFrom().item(outcome);
  }
}
