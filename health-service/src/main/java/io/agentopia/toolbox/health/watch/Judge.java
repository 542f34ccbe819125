package io.agentopia.toolbox.health.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.store.HealthRow;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.verdict.Signals;
import io.agentopia.toolbox.health.verdict.Verdict;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.StaleStateException;
import org.jboss.logging.Logger;

/**
 * Judges one toolbox by what is stored of it. Looking decides nothing: only when the state would
 * change is it judged again, in a transaction that holds the row's lock and stores state and event
 * together.
 *
 * <p>Heartbeats are partitioned by toolbox, so each is heard by one instance of this service; being
 * due is seen by all of them. Judging twice does no harm: the second instance waits for the lock,
 * finds the state the first one stored, with the heartbeat it was judged by, and nothing is left to
 * change or to announce. Whoever writes without the lock fails at the row's version.
 */
@ApplicationScoped
public class Judge {
  private static final Logger LOG = Logger.getLogger(Judge.class);
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final int STALE_RETRIES = 3;

  private final HealthRows rows;
  private final Outbox outbox;
  private final HealthConfig config;
  private final Clock clock;

  @Inject
  public Judge(HealthRows rows, Outbox outbox, HealthConfig config, Clock clock) {
    this.rows = rows;
    this.outbox = outbox;
    this.config = config;
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
   * @param listeningSince since when no heartbeat was missed
   */
  Look look(HealthRow row, Instant listeningSince) {
    var now = clock.instant();
    var verdict = Verdict.of(signals(row, listeningSince), config.thresholds(), now);
    var lookAgainAt =
        verdict.lookAgainAt() == null ? now.plus(config.silence()) : verdict.lookAgainAt();
    return new Look(verdict, row.health(), row.health().after(verdict, now), lookAgainAt, now);
  }

  /**
   * @return where the toolbox stands after it
   */
  Uni<Health> change(UUID id, Instant listeningSince) {
    return Panache.withTransaction(
            () ->
                rows.findById(id, LockModeType.PESSIMISTIC_WRITE)
                    .flatMap(row -> change(row, look(row, listeningSince))))
        .onFailure(StaleStateException.class)
        .retry()
        .atMost(STALE_RETRIES);
  }

  private Uni<Health> change(HealthRow row, Look look) {
    row.findings = HealthRows.json(look.verdict().findings());
    row.lookAgainAt = look.after() instanceof Unwatched ? null : look.lookAgainAt();
    if (!look.isChange()) {
      return Uni.createFrom().item(look.after());
    }
    row.health(look.after(), look.at());
    row.sequence++;
    var event = event(row, look.before(), look.after(), look.verdict(), look.at());
    LOG.infof(
        "health changed: toolboxId=%s generation=%d from=%s to=%s reason=%s",
        row.toolboxId, row.generation, look.before().name(), look.after().name(), row.reason);
    return Panache.flush()
        .flatMap(x -> outbox.append(null, List.of(event)))
        .replaceWith(look.after());
  }

  private static Signals signals(HealthRow row, Instant listeningSince) {
    var watchedSince = row.watchedSince.isAfter(listeningSince) ? row.watchedSince : listeningSince;
    return row.lastHeartbeat == null
        ? new Signals(watchedSince, null, null)
        : new Signals(
            watchedSince, asSignal(read(row.lastHeartbeat), row.lastHeartbeatAt), row.dockerLostAt);
  }

  private static Signals.Beat asSignal(AgentHeartbeat heartbeat, Instant at) {
    var metrics = heartbeat.metrics();
    return new Signals.Beat(
        at,
        heartbeat.dockerReachable(),
        metrics == null ? 0 : metrics.diskPercent(),
        metrics == null ? 0 : metrics.memoryPercent());
  }

  private ToolboxHealth event(
      HealthRow row, Health before, Health after, Verdict verdict, Instant now) {
    return switch (after) {
      case Healthy h when row.announcedGeneration < row.generation -> {
        row.announcedGeneration = row.generation;
        yield new DtmaHealthy(
            row.toolboxId,
            row.accountId,
            row.generation,
            row.sequence,
            read(row.lastHeartbeat).agentVersion());
      }
      case Healthy h ->
          new HealthRecovered(
              row.toolboxId,
              row.accountId,
              row.generation,
              row.sequence,
              before instanceof Degraded d ? Duration.between(d.since(), now).toSeconds() : 0);
      case Degraded h ->
          new HealthDegraded(
              row.toolboxId,
              row.accountId,
              row.generation,
              row.sequence,
              h.reason(),
              h.message(),
              h.since(),
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

  static AgentHeartbeat read(String json) {
    try {
      return JSON.readValue(json, AgentHeartbeat.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored heartbeat cannot be read", e);
    }
  }
}
