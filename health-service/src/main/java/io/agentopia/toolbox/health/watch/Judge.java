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
import io.agentopia.toolbox.health.store.HealthRows.StoredBeat;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.StaleStateException;
import org.jboss.logging.Logger;

/**
 * Judges one toolbox: what is stored and what has been heard, into a verdict; state and event in
 * one transaction. Two instances that judge the same toolbox (around a rebalance) meet at the row's
 * version: the later one reads what the earlier one decided.
 */
@ApplicationScoped
public class Judge {
  private static final Logger LOG = Logger.getLogger(Judge.class);
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final int STALE_RETRIES = 3;

  private final HealthRows rows;
  private final Beats beats;
  private final Outbox outbox;
  private final HealthConfig config;
  private final Clock clock;
  private final Instant startedAt;

  @Inject
  public Judge(HealthRows rows, Beats beats, Outbox outbox, HealthConfig config, Clock clock) {
    this.rows = rows;
    this.beats = beats;
    this.outbox = outbox;
    this.config = config;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /**
   * @return whether the toolbox is known and watched
   */
  public Uni<Boolean> judge(UUID id) {
    return Panache.withTransaction(() -> rows.findById(id).flatMap(this::judge))
        .onFailure(StaleStateException.class)
        .retry()
        .atMost(STALE_RETRIES);
  }

  private Uni<Boolean> judge(HealthRow row) {
    if (row == null || row.health() instanceof Unwatched) {
      return Uni.createFrom().item(false);
    }
    var now = clock.instant();
    var verdict = Verdict.of(signals(row), config.thresholds(), now);
    var before = row.health();
    var after = before.after(verdict, now);
    row.findings = json(verdict.findings());
    row.lookAgainAt =
        verdict.lookAgainAt() == null ? now.plus(config.silence()) : verdict.lookAgainAt();
    if (after.equals(before)) {
      return Uni.createFrom().item(true);
    }
    row.health(after, now);
    row.sequence++;
    var event = event(row, before, after, verdict, now);
    LOG.infof(
        "health changed: toolboxId=%s generation=%d from=%s to=%s reason=%s",
        row.toolboxId, row.generation, before.name(), after.name(), row.reason);
    return Panache.flush().flatMap(x -> outbox.append(null, List.of(event))).replaceWith(true);
  }

  /**
   * Silence counts from this service's own start at the earliest: while it was away, nobody
   * listened.
   */
  private Signals signals(HealthRow row) {
    var watchedSince = row.watchedSince.isAfter(startedAt) ? row.watchedSince : startedAt;
    var heard = beats.newest(row.toolboxId, row.generation);
    if (heard.isPresent()) {
      var beat = heard.get();
      return new Signals(watchedSince, asSignal(beat.heartbeat(), beat.at()), beat.dockerLostAt());
    }
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
            row.toolboxId, row.accountId, row.generation, row.sequence, agentVersion(row));
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
                              f.check(),
                              f.outcome().name().toLowerCase(java.util.Locale.ROOT),
                              f.detail()))
                  .toList());
      case Starting h -> throw new IllegalStateException("a verdict starts nothing");
      case Unwatched h -> throw new IllegalStateException("a verdict ends no watch");
    };
  }

  private String agentVersion(HealthRow row) {
    return beats
        .newest(row.toolboxId, row.generation)
        .map(StoredBeat::heartbeat)
        .map(AgentHeartbeat::agentVersion)
        .orElse(null);
  }

  static AgentHeartbeat read(String json) {
    try {
      return JSON.readValue(json, AgentHeartbeat.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored heartbeat cannot be read", e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write findings as JSON", e);
    }
  }
}
