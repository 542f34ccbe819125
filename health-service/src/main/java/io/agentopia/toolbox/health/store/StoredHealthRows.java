package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link HealthRows} as a table. */
@ApplicationScoped
public class StoredHealthRows implements HealthRows, PanacheRepositoryBase<HealthRow, UUID> {
  private static final String STORE =
      """
      update toolbox_health t
         set last_heartbeat_at = n.heard_at,
             last_heartbeat = n.heartbeat,
             agent_image = n.image,
             agent_digest = n.digest,
             agent_upgrade = n.upgrade,
             docker_lost_at = n.docker_lost_at,
             findings = coalesce(n.findings, t.findings),
             look_again_at = case when t.status = 'unknown' then null else n.look_again_at end
        from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
                    $8::timestamptz[], $9::text[], $10::timestamptz[])
             as n(toolbox_id, version, heard_at, heartbeat, image, digest, upgrade, docker_lost_at, findings, look_again_at)
       where t.toolbox_id = n.toolbox_id and t.version = n.version
         and (t.last_heartbeat_at is null or t.last_heartbeat_at <= n.heard_at)
      returning t.toolbox_id""";

  private static final String PUT_OFF =
      "update toolbox_health set look_again_at = $2 where toolbox_id = $1 and status <> 'unknown'";

  private final Pool pool;

  @Inject
  public StoredHealthRows(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<HealthRow> find(UUID toolboxId) {
    return findById(toolboxId);
  }

  @Override
  public Uni<HealthRow> lock(UUID toolboxId) {
    return findById(toolboxId, LockModeType.PESSIMISTIC_WRITE);
  }

  @Override
  public Uni<Void> lockAll(Collection<UUID> toolboxIds) {
    return find("toolboxId in ?1 order by toolboxId", toolboxIds)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .replaceWithVoid();
  }

  @Override
  public Uni<List<HealthRow>> lockBelow(long sequence, int most) {
    return find("sequence < ?1 order by toolboxId", sequence)
        .range(0, most - 1)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  @Override
  public Uni<Void> add(HealthRow row) {
    return persist(row).replaceWithVoid();
  }

  @Override
  public Uni<List<HealthRow>> due(Instant now, Predicate<UUID> isMine) {
    return due(now, isMine, Instant.EPOCH.minus(1, ChronoUnit.DAYS), new UUID(0, 0));
  }

  /** Page by page behind the last one of the page before: those of others stay where they are. */
  private Uni<List<HealthRow>> due(Instant now, Predicate<UUID> isMine, Instant after, UUID id) {
    return Panache.withSession(
            () ->
                find(
                        "lookAgainAt <= ?1 and (lookAgainAt > ?2 or lookAgainAt = ?2 and toolboxId > ?3)"
                            + " order by lookAgainAt, toolboxId",
                        now,
                        after,
                        id)
                    .page(0, MOST_AT_ONCE)
                    .list())
        .flatMap(
            page -> {
              var mine = page.stream().filter(row -> isMine.test(row.toolboxId)).toList();
              if (page.size() < MOST_AT_ONCE || mine.size() > MOST_AT_ONCE / 2) {
                return Uni.createFrom().item(mine); // more of them are due in the next round
              }
              var last = page.getLast();
              return due(now, isMine, last.lookAgainAt, last.toolboxId)
                  .map(more -> Stream.concat(mine.stream(), more.stream()).toList());
            });
  }

  @Override
  public Uni<List<HealthRow>> byIds(Collection<UUID> toolboxIds) {
    return toolboxIds.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Panache.withSession(() -> list("toolboxId in ?1", List.copyOf(toolboxIds)));
  }

  @Override
  public Uni<Set<UUID>> store(List<Writing> writings) {
    if (writings.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    var rows = writings.stream().map(Writing::row).toList();
    return pool.preparedQuery(STORE)
        .execute(
            ids(rows, r -> r.toolboxId)
                .addArrayOfLong(rows.stream().map(r -> r.version).toArray(Long[]::new))
                .addArrayOfOffsetDateTime(times(rows, r -> r.lastHeartbeatAt))
                .addArrayOfString(texts(rows, HealthRow::heartbeatText))
                .addArrayOfString(texts(rows, r -> r.agentImage))
                .addArrayOfString(texts(rows, r -> r.agentDigest))
                .addArrayOfString(texts(rows, r -> r.agentUpgrade))
                .addArrayOfOffsetDateTime(times(rows, r -> r.dockerLostAt))
                .addArrayOfString(texts(writings, w -> jsonOrNull(w.findings())))
                .addArrayOfOffsetDateTime(times(writings, Writing::lookAgainAt)))
        .map(StoredHealthRows::idsOf);
  }

  @Override
  public Uni<Void> putOff(UUID toolboxId, Instant until) {
    return pool.preparedQuery(PUT_OFF).execute(Tuple.of(toolboxId, utc(until))).replaceWithVoid();
  }

  private static <T> Tuple ids(List<T> items, Function<T, UUID> id) {
    return Tuple.tuple().addArrayOfUUID(items.stream().map(id).toArray(UUID[]::new));
  }

  private static <T> String[] texts(List<T> items, Function<T, String> text) {
    return items.stream().map(text).toArray(String[]::new);
  }

  private static <T> OffsetDateTime[] times(Collection<T> items, Function<T, Instant> time) {
    return items.stream().map(time).map(StoredHealthRows::utc).toArray(OffsetDateTime[]::new);
  }

  private static OffsetDateTime utc(Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static Set<UUID> idsOf(RowSet<Row> rows) {
    return Set.copyOf(Rows.all(rows, row -> row.getUUID(0)));
  }

  private static String jsonOrNull(Object value) {
    return value == null ? null : Stored.json(value);
  }
}
