package io.agentopia.toolbox.health.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.health.verdict.Finding;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Health at rest. What concerns many toolboxes at once is one statement for all of them. */
@ApplicationScoped
public class HealthRows implements PanacheRepositoryBase<HealthRow, UUID> {
  /** So many are judged at a time. */
  public static final int MOST_DUE = 500;

  private static final ObjectMapper JSON = EventCodec.mapper();

  /**
   * A heartbeat that is not newer than the stored one, or is of an earlier generation, changes
   * nothing. Since when Docker is lost is remembered here: memory would forget it with a restart.
   * Early ones are told apart in the same statement, for it sees one state of the table: between
   * two statements a toolbox could become known, and its heartbeat would be neither stored nor
   * early.
   */
  private static final String STORE =
      """
      with b as (
        select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::boolean[],
                             $7::text[], $8::text[], $9::text[])
               as b(toolbox_id, generation, at, heartbeat, docker_reachable, image, digest, upgrade)),
      stored as (
        update toolbox_health t
           set last_heartbeat_at = b.at,
               last_heartbeat = b.heartbeat,
               agent_image = b.image,
               agent_digest = b.digest,
               agent_upgrade = b.upgrade,
               docker_lost_at = case when b.docker_reachable then null else coalesce(t.docker_lost_at, b.at) end,
               look_again_at = case when t.status = 'unknown' then null else least(t.look_again_at, $6) end
          from b
         where t.toolbox_id = b.toolbox_id and t.generation = b.generation
           and (t.last_heartbeat_at is null or t.last_heartbeat_at < b.at))
      select b.toolbox_id from b
       where not exists (
         select 1 from toolbox_health t where t.toolbox_id = b.toolbox_id and t.generation >= b.generation)""";

  /** Only of a row that is still as it was when it was judged. */
  private static final String NOTE =
      """
      update toolbox_health t
         set findings = coalesce(n.findings, t.findings), look_again_at = n.look_again_at
        from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::timestamptz[])
             as n(toolbox_id, version, last_heartbeat_at, findings, look_again_at)
       where t.toolbox_id = n.toolbox_id and t.version = n.version
         and t.last_heartbeat_at is not distinct from n.last_heartbeat_at""";

  private final Pool pool;

  @Inject
  public HealthRows(Pool pool) {
    this.pool = pool;
  }

  /** A heartbeat, and when it was heard. */
  public record HeardBeat(AgentHeartbeat heartbeat, Instant at) {}

  /** What was found of a toolbox whose state stays as it is. */
  public record Note(
      UUID toolboxId, long version, Instant heartbeatAt, String findings, Instant lookAgainAt) {
    public static Note of(HealthRow row, List<Finding> findings, Instant lookAgainAt) {
      return new Note(row.toolboxId, row.version, row.lastHeartbeatAt, json(findings), lookAgainAt);
    }

    /** The findings stay what they were. */
    public static Note postponed(HealthRow row, Instant lookAgainAt) {
      return new Note(row.toolboxId, row.version, row.lastHeartbeatAt, null, lookAgainAt);
    }
  }

  /** Those to be judged now, the longest due first; detached. */
  public Uni<List<HealthRow>> due(Instant now) {
    return Panache.withSession(
        () -> find("lookAgainAt <= ?1 order by lookAgainAt", now).page(0, MOST_DUE).list());
  }

  /**
   * Stores heartbeats and makes their toolboxes due.
   *
   * @return those that came before their toolbox, or its droplet of that generation, was known
   */
  public Uni<List<HeardBeat>> store(List<HeardBeat> beats, Instant now) {
    if (beats.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return pool.preparedQuery(STORE)
        .execute(
            ids(beats, b -> b.heartbeat().toolboxId())
                .addArrayOfLong(generations(beats))
                .addArrayOfOffsetDateTime(times(beats, HeardBeat::at))
                .addArrayOfString(texts(beats, b -> json(b.heartbeat())))
                .addArrayOfBoolean(
                    beats.stream()
                        .map(b -> b.heartbeat().dockerReachable())
                        .toArray(Boolean[]::new))
                .addOffsetDateTime(utc(now))
                .addArrayOfString(texts(beats, b -> b.heartbeat().agentImage()))
                .addArrayOfString(texts(beats, b -> ImageDigest.of(b.heartbeat().agentImage())))
                .addArrayOfString(texts(beats, b -> jsonOrNull(b.heartbeat().upgrade()))))
        .map(HealthRows::idsOf)
        .map(
            early ->
                beats.stream().filter(b -> early.contains(b.heartbeat().toolboxId())).toList());
  }

  public Uni<Void> note(List<Note> notes) {
    if (notes.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return pool.preparedQuery(NOTE)
        .execute(
            ids(notes, Note::toolboxId)
                .addArrayOfLong(notes.stream().map(Note::version).toArray(Long[]::new))
                .addArrayOfOffsetDateTime(times(notes, Note::heartbeatAt))
                .addArrayOfString(texts(notes, Note::findings))
                .addArrayOfOffsetDateTime(times(notes, Note::lookAgainAt)))
        .replaceWithVoid();
  }

  private static <T> Tuple ids(List<T> items, Function<T, UUID> id) {
    return Tuple.tuple().addArrayOfUUID(items.stream().map(id).toArray(UUID[]::new));
  }

  private static Long[] generations(List<HeardBeat> beats) {
    return beats.stream().map(b -> b.heartbeat().generation()).toArray(Long[]::new);
  }

  private static <T> String[] texts(List<T> items, Function<T, String> text) {
    return items.stream().map(text).toArray(String[]::new);
  }

  private static <T> OffsetDateTime[] times(Collection<T> items, Function<T, Instant> time) {
    return items.stream().map(time).map(HealthRows::utc).toArray(OffsetDateTime[]::new);
  }

  private static OffsetDateTime utc(Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static HashSet<UUID> idsOf(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getUUID(0))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String jsonOrNull(Object value) {
    return value == null ? null : json(value);
  }

  public static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "what is stored cannot be read as " + type.getSimpleName(), e);
    }
  }

  public static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a toolbox's health as JSON", e);
    }
  }
}
