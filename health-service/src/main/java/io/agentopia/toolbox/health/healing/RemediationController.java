package io.agentopia.toolbox.health.healing;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.LastBeats;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import io.agentopia.toolbox.health.remediation.Ailment.Sick;
import io.agentopia.toolbox.health.remediation.EventDraft;
import io.agentopia.toolbox.health.remediation.RemediationContext;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.health.remediation.RemediationPolicy;
import io.agentopia.toolbox.health.remediation.RemediationRules;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * What is known of lost and sick droplets, and the one way in which it changes: ailment, the
 * toolbox's sequence and events in one transaction, under the lock of the toolbox's health row.
 * Events and verdicts only note what ails; it is decided about when it is due, so that a restart
 * forgets nothing.
 */
@ApplicationScoped
public class RemediationController {
  private static final Logger LOG = Logger.getLogger(RemediationController.class);

  private final HealthRows rows;
  private final AilingDroplets ailing;
  private final LastBeats lastBeats;
  private final UnitOfWork transactions;
  private final Outbox outbox;
  private final Ids ids;
  private final Clock clock;
  private final RemediationRules rules;
  private final RemediationPolicy policy;

  @Inject
  public RemediationController(
      HealthRows rows,
      AilingDroplets ailing,
      LastBeats lastBeats,
      UnitOfWork transactions,
      Outbox outbox,
      Ids ids,
      Clock clock,
      HealthConfig config) {
    this.rows = rows;
    this.ailing = ailing;
    this.lastBeats = lastBeats;
    this.transactions = transactions;
    this.outbox = outbox;
    this.ids = ids;
    this.clock = clock;
    this.rules = config.remediation();
    this.policy = new RemediationPolicy(rules);
  }

  /**
   * Takes in a lifecycle event, in the caller's transaction and under the row's lock.
   *
   * @param isNews it is newer than all that came before
   */
  public Uni<Void> on(HealthRow row, ToolboxLifecycle event, boolean isNews) {
    if (event instanceof DropletLost lost) {
      return isNews || isStillTrue(row, lost) ? lost(lost) : nothing();
    }
    return isNews
        ? ailing
            .unfinished(row.toolboxId)
            .flatMap(found -> InTurn.each(found, one -> store(row, one, one.after(event))))
        : nothing();
  }

  /** One that was overtaken on a retry topic: what it tells of has hardly ended since. */
  private static boolean isStillTrue(HealthRow row, DropletLost lost) {
    return lost.generation() == row.generation && !(row.health() instanceof Unwatched);
  }

  private Uni<Void> lost(DropletLost lost) {
    var key = new Key(lost.toolboxId(), lost.generation());
    var now = clock.instant();
    return ailing
        .find(key)
        .map(
            known ->
                known == null
                    ? AilingDroplet.of(key, new Lost(), rules, now)
                    : known.lost(rules, now))
        .flatMap(ailing::save);
  }

  /**
   * Takes in a verdict, as {@link #on(HealthRow, ToolboxLifecycle, boolean)}: who is degraded is a
   * patient where there is a remedy for that.
   *
   * @param row as the verdict left it
   */
  public Uni<Void> on(HealthRow row, Health before, Health after) {
    var key = new Key(row.toolboxId, row.generation);
    if (after instanceof Degraded d && policy.treats(new Sick(d.reason()))) {
      return ailing.find(key).flatMap(known -> sick(key, known, new Sick(d.reason())));
    }
    if (after instanceof Healthy
        && before instanceof Degraded d
        && policy.treats(new Sick(d.reason()))) {
      return ailing
          .find(key)
          .flatMap(known -> known == null ? nothing() : store(row, known, known.recovered()));
    }
    return nothing();
  }

  private Uni<Void> sick(Key key, AilingDroplet known, Sick ailment) {
    var now = clock.instant();
    return ailing.save(
        known == null
            ? AilingDroplet.of(key, ailment, rules, now)
            : known.sick(ailment, rules, now));
  }

  /** Decides about one that is due, in a transaction of its own. */
  Uni<Void> treat(Key key, Fleet fleet) {
    return transactions.inTransaction(
        () ->
            rows.lock(key.toolboxId())
                .flatMap(row -> ailing.find(key).flatMap(one -> treat(row, one, fleet))));
  }

  private Uni<Void> treat(HealthRow row, AilingDroplet droplet, Fleet fleet) {
    if (droplet == null || droplet.dueAt() == null) {
      return nothing(); // an event has ended it since it was claimed
    }
    return ailing
        .recreations(droplet.key().toolboxId(), droplet.key().generation())
        .flatMap(
            recreations ->
                lastBeat(row, droplet)
                    .map(
                        beat ->
                            new RemediationContext(droplet, recreations, beat.orElse(null), fleet)))
        .flatMap(context -> treat(row, context));
  }

  private Uni<Optional<Instant>> lastBeat(HealthRow row, AilingDroplet droplet) {
    return row.generation == droplet.key().generation()
        ? lastBeats.of(row)
        : Uni.createFrom().item(Optional.empty());
  }

  private Uni<Void> treat(HealthRow row, RemediationContext context) {
    var now = clock.instant();
    var droplet = context.droplet();
    var decision = policy.decide(context, now);
    var step = droplet.after(decision, ids.next(), rules, now);
    LOG.logf(
        step.drafts().isEmpty() ? Level.DEBUG : Level.INFO,
        "ailing droplet: toolboxId=%s generation=%d ailment=%s decision=%s lost=%d fleet=%d",
        droplet.key().toolboxId(),
        droplet.key().generation(),
        droplet.ailment().reason(),
        decision,
        context.fleet().lost(),
        context.fleet().size());
    return store(row, droplet, step);
  }

  private Uni<Void> store(HealthRow row, AilingDroplet before, AilingDroplet.Step step) {
    var events =
        step.drafts().stream().map(draft -> event(row, before.key().generation(), draft)).toList();
    return step.droplet().equals(before)
        ? nothing()
        : ailing
            .save(step.droplet())
            .flatMap(x -> events.isEmpty() ? nothing() : outbox.append(null, events));
  }

  /** A wish is about the droplet that ails; an alert is about the toolbox as it is now. */
  private static ToolboxHealth event(HealthRow row, long generation, EventDraft draft) {
    return draft.event(
        new Subject(
            row.toolboxId,
            row.accountId,
            draft instanceof EventDraft.Resolve ? row.generation : generation,
            ++row.sequence));
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }
}
