package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.healing.RemediationController;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Claim;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.verdict.Signals;
import io.agentopia.toolbox.health.verdict.Verdict;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Judges one toolbox by its row and by when it was heard. Looking decides nothing: only when the
 * state would change is it judged again, in a transaction that holds the row's lock and stores
 * state and event together.
 *
 * <p>Only the instance that reads the toolbox's partition of the heartbeats judges: what is stored
 * of them is old. One that was replaced without knowing it yet is told in that transaction, by the
 * partition's epoch. Whoever writes without the lock fails at the row's version.
 */
@ApplicationScoped
public class HealthEvaluator {
  private static final Logger LOG = Logger.getLogger(HealthEvaluator.class);

  private final HealthRows rows;
  private final HeartbeatPartitions partitions;
  private final Outbox outbox;
  private final HealthConfig config;
  private final UnitOfWork transactions;
  private final RemediationController remediation;
  private final Clock clock;

  @Inject
  public HealthEvaluator(
      HealthRows rows,
      HeartbeatPartitions partitions,
      UnitOfWork transactions,
      RemediationController remediation,
      Outbox outbox,
      HealthConfig config,
      Clock clock) {
    this.rows = rows;
    this.partitions = partitions;
    this.outbox = outbox;
    this.config = config;
    this.transactions = transactions;
    this.remediation = remediation;
    this.clock = clock;
  }

  /**
   * @param after what the verdict would make of the state
   * @param lookAgainAt when time alone can change the verdict
   */
  record Look(Verdict verdict, Health before, Health after, Instant lookAgainAt, Instant at) {
    boolean isChange() {
      return !after.equals(before);
    }
  }

  /**
   * @param heardAt when the toolbox's droplet was heard last, which may be later than what its row
   *     has of it; null: never
   * @param listeningSince since when no heartbeat was missed
   */
  Look look(HealthRow row, Instant heardAt, Instant listeningSince) {
    var now = clock.instant();
    var verdict = Verdict.of(signals(row, heardAt, listeningSince), config, now);
    var lookAgainAt =
        verdict.lookAgainAt() == null ? now.plus(config.silence()) : verdict.lookAgainAt();
    return new Look(verdict, row.health(), row.health().after(verdict, now), lookAgainAt, now);
  }

  /** The partition was taken over by another instance, which judges from now on. */
  static final class Replaced extends RuntimeException {
    final transient Claim claim;

    Replaced(Claim claim) {
      super(
          "partition "
              + claim.partition()
              + " was taken over, epoch "
              + claim.epoch()
              + " is over");
      this.claim = claim;
    }
  }

  /**
   * Judges it again, and stores what changes, together with the beat that it was judged by.
   *
   * @param known what is known in memory, beside the row
   * @return the row after it, empty if there is none; fails with {@link Replaced}
   */
  Uni<Optional<HealthRow>> change(Watched known, Claim claim, Instant listeningSince) {
    return transactions.inTransaction(
        () ->
            rows.lock(known.id)
                .flatMap(row -> fenced(row, claim))
                .flatMap(row -> row == null ? nothing() : change(row, known, listeningSince)));
  }

  private static Uni<Optional<HealthRow>> nothing() {
    return Uni.createFrom().item(Optional.empty());
  }

  private Uni<HealthRow> fenced(HealthRow row, Claim claim) {
    return partitions
        .isOwner(claim)
        .invoke(
            isOwner -> {
              if (!isOwner) {
                throw new Replaced(claim);
              }
            })
        .replaceWith(row);
  }

  private Uni<Optional<HealthRow>> change(HealthRow row, Watched known, Instant listeningSince) {
    known.tell(row);
    row.heartbeatText(); // or it would not be stored
    var look = look(row, known.heardAt(row), listeningSince);
    row.findings = Stored.json(look.verdict().findings());
    row.lookAgainAt =
        look.after() instanceof Unwatched ? null : look.at().plus(config.refreshRowsEvery());
    if (!look.isChange()) {
      return Uni.createFrom().item(Optional.of(row));
    }
    row.health(look.after(), look.at());
    row.sequence++;
    var event = event(row, look.before(), look.after(), look.verdict(), look.at());
    LOG.infof(
        "health changed: toolboxId=%s generation=%d from=%s to=%s reason=%s",
        row.toolboxId, row.generation, look.before().name(), look.after().name(), row.reason);
    return outbox
        .append(null, List.of(event))
        .flatMap(x -> remediation.on(row, look.before(), look.after()))
        .replaceWith(Optional.of(row));
  }

  private static Signals signals(HealthRow row, Instant heardAt, Instant listeningSince) {
    var watchedSince = row.watchedSince.isAfter(listeningSince) ? row.watchedSince : listeningSince;
    return row.heartbeat() == null
        ? new Signals(watchedSince, null, null)
        : new Signals(watchedSince, asSignal(row.heartbeat(), heardAt), row.dockerLostAt);
  }

  private static Signals.Beat asSignal(AgentHeartbeat heartbeat, Instant at) {
    return new Signals.Beat(at, heartbeat.metrics(), heartbeat.unfit());
  }

  private ToolboxHealth event(
      HealthRow row, Health before, Health after, Verdict verdict, Instant now) {
    return switch (after) {
      case Healthy h when row.announcedGeneration < row.generation -> {
        row.announcedGeneration = row.generation;
        yield new DtmaHealthy(
            new Subject(row.toolboxId, row.accountId, row.generation, row.sequence),
            row.heartbeat().agentVersion());
      }
      case Healthy h ->
          row.recovered(
              before instanceof Degraded d ? Duration.between(d.since(), now).toSeconds() : 0);
      case Degraded h ->
          row.degraded(
              h,
              verdict.findings().stream()
                  .map(
                      f ->
                          new ToolboxHealth.Finding(
                              f.check(), f.outcome().name().toLowerCase(Locale.ROOT), f.detail()))
                  .toList());
      case Starting h -> throw new IllegalStateException("a verdict starts nothing");
      case Unwatched h -> throw new IllegalStateException("a verdict ends no watch");
    };
  }
}
