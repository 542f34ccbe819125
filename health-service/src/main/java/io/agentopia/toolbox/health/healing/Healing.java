package io.agentopia.toolbox.health.healing;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.remediation.LostDroplet;
import io.agentopia.toolbox.health.remediation.LostDroplet.State;
import io.agentopia.toolbox.health.remediation.Notice;
import io.agentopia.toolbox.health.remediation.Remediation;
import io.agentopia.toolbox.health.remediation.Rules;
import io.agentopia.toolbox.health.remediation.Situation;
import io.agentopia.toolbox.health.remediation.Situation.Fleet;
import io.agentopia.toolbox.health.store.HealthRow;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.health.store.LostDropletRow;
import io.agentopia.toolbox.health.store.LostDroplets;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.watch.LastHeard;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * What is known of lost droplets, and the one way in which it changes: loss, the toolbox's sequence
 * and events in one transaction, under the lock of the toolbox's health row. Events only note what
 * is lost; it is decided about when it is due, so that a restart forgets nothing.
 */
@ApplicationScoped
public class Healing {
  private static final Logger LOG = Logger.getLogger(Healing.class);

  private final HealthRows rows;
  private final LostDroplets losses;
  private final LastHeard lastHeard;
  private final Outbox outbox;
  private final Ids ids;
  private final Clock clock;
  private final Rules rules;
  private final Remediation remediation;

  @Inject
  public Healing(
      HealthRows rows,
      LostDroplets losses,
      LastHeard lastHeard,
      Outbox outbox,
      Ids ids,
      Clock clock,
      HealthConfig config) {
    this.rows = rows;
    this.losses = losses;
    this.lastHeard = lastHeard;
    this.outbox = outbox;
    this.ids = ids;
    this.clock = clock;
    this.rules = config.remediation();
    this.remediation = new Remediation(rules);
  }

  /**
   * Takes in a lifecycle event, in the caller's transaction and under the row's lock.
   *
   * @param isNews it is newer than all that came before
   */
  public Uni<Void> learn(HealthRow row, ToolboxLifecycle event, boolean isNews) {
    if (event instanceof DropletLost lost) {
      return isNews || isStillTrue(row, lost) ? lost(lost) : Uni.createFrom().voidItem();
    }
    return isNews
        ? losses.unfinished(row.toolboxId).flatMap(found -> learn(row, found, event))
        : Uni.createFrom().voidItem();
  }

  /** One that was overtaken on a retry topic: what it tells of has hardly ended since. */
  private static boolean isStillTrue(HealthRow row, DropletLost lost) {
    return lost.generation() == row.generation && !(row.health() instanceof Unwatched);
  }

  private Uni<Void> lost(DropletLost lost) {
    var key = new LostDropletRow.Key(lost.toolboxId(), lost.generation());
    var loss = LostDroplet.of(lost.toolboxId(), lost.generation(), rules, clock.instant());
    return losses
        .findById(key)
        .flatMap(known -> known == null ? losses.add(loss) : Uni.createFrom().voidItem());
  }

  private Uni<Void> learn(HealthRow row, List<LostDropletRow> found, ToolboxLifecycle event) {
    return InTurn.each(found, lost -> store(row, lost, lost.toLoss().after(event)));
  }

  /** Decides about a due loss, in a transaction of its own. */
  Uni<Void> treat(LostDropletRow.Key key, Fleet fleet) {
    return Panache.withTransaction(
        () ->
            rows.findById(key.toolboxId(), LockModeType.PESSIMISTIC_WRITE)
                .flatMap(row -> losses.findById(key).flatMap(lost -> treat(row, lost, fleet))));
  }

  private Uni<Void> treat(HealthRow row, LostDropletRow lost, Fleet fleet) {
    if (lost == null || lost.dueAt == null) {
      return Uni.createFrom().voidItem(); // an event has ended it since it was claimed
    }
    return losses
        .remedies(lost.toolboxId, lost.generation)
        .flatMap(
            remedies ->
                lastBeat(row, lost)
                    .map(beat -> new Situation(lost.toLoss(), remedies, beat.orElse(null), fleet)))
        .flatMap(situation -> treat(row, lost, situation));
  }

  /** What may have been heard meanwhile by another instance counts as heard. */
  private Uni<Optional<Instant>> lastBeat(HealthRow row, LostDropletRow lost) {
    if (row.generation != lost.generation) {
      return Uni.createFrom().item(Optional.empty());
    }
    return lastHeard
        .of(List.of(row.toolboxId))
        .map(words -> words.get(row.toolboxId))
        .map(word -> word.latest(row.generation, row.lastHeartbeatAt, clock.instant()))
        .map(Optional::ofNullable);
  }

  private Uni<Void> treat(HealthRow row, LostDropletRow lost, Situation situation) {
    var now = clock.instant();
    var decision = remediation.decide(situation, now);
    var step = situation.loss().after(decision, ids.next(), rules, now);
    LOG.logf(
        step.notices().isEmpty() ? Level.DEBUG : Level.INFO,
        "lost droplet: toolboxId=%s generation=%d decision=%s lost=%d fleet=%d",
        lost.toolboxId,
        lost.generation,
        decision,
        situation.fleet().lost(),
        situation.fleet().size());
    return store(row, lost, step);
  }

  private Uni<Void> store(HealthRow row, LostDropletRow lost, LostDroplet.Step step) {
    lost.write(step.loss());
    var stored =
        step.loss().state() == State.FOUND ? losses.delete(lost) : Uni.createFrom().voidItem();
    return stored.flatMap(x -> tell(row, lost, step));
  }

  private Uni<Void> tell(HealthRow row, LostDropletRow lost, LostDroplet.Step step) {
    var events = step.notices().stream().map(notice -> event(row, lost, notice)).toList();
    return events.isEmpty()
        ? Uni.createFrom().voidItem()
        : Panache.flush().flatMap(x -> outbox.append(null, events));
  }

  /** A wish is about the droplet that is lost; an alert is about the toolbox as it is now. */
  private static ToolboxHealth event(HealthRow row, LostDropletRow lost, Notice notice) {
    var generation = notice instanceof Notice.Resolve ? row.generation : lost.generation;
    return notice.event(new Subject(row.toolboxId, row.accountId, generation, ++row.sequence));
  }
}
