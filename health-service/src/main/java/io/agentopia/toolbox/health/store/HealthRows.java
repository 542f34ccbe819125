package io.agentopia.toolbox.health.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.EventCodec;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Health at rest. */
@ApplicationScoped
public class HealthRows implements PanacheRepositoryBase<HealthRow, UUID> {
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final String DUE =
      "select toolbox_id from toolbox_health where look_again_at <= $1 order by look_again_at limit 500";
  private static final String BEAT =
      "update toolbox_health set last_heartbeat_at = $1, last_heartbeat = $2, docker_lost_at = $3"
          + " where toolbox_id = $4 and generation = $5 and (last_heartbeat_at is null or last_heartbeat_at < $1)";

  private final Pool pool;

  @Inject
  public HealthRows(Pool pool) {
    this.pool = pool;
  }

  /** A heartbeat to be stored. */
  public record StoredBeat(AgentHeartbeat heartbeat, Instant at, Instant dockerLostAt) {}

  public Uni<List<UUID>> due(Instant now) {
    return pool.preparedQuery(DUE)
        .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getUUID(0))
                    .toList());
  }

  /**
   * One batch for all; a heartbeat older than the stored one, or of another generation, changes
   * nothing.
   */
  public Uni<Void> store(List<StoredBeat> beats) {
    if (beats.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return pool.preparedQuery(BEAT)
        .executeBatch(beats.stream().map(HealthRows::tuple).toList())
        .replaceWithVoid();
  }

  private static Tuple tuple(StoredBeat beat) {
    try {
      return Tuple.of(
          beat.at().atOffset(ZoneOffset.UTC),
          JSON.writeValueAsString(beat.heartbeat()),
          beat.dockerLostAt() == null ? null : beat.dockerLostAt().atOffset(ZoneOffset.UTC),
          beat.heartbeat().toolboxId(),
          beat.heartbeat().generation());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a heartbeat as JSON", e);
    }
  }
}
