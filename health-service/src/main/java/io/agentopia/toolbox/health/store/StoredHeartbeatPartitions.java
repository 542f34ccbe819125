package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.quarkus.hibernate.reactive.panache.Panache;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** {@link HeartbeatPartitions} as a table. */
@ApplicationScoped
public class StoredHeartbeatPartitions implements HeartbeatPartitions {
  private static final String CLAIM =
      """
      insert into heartbeat_partitions as p (partition, epoch, next_offset) values ($1, 1, $2)
      on conflict (partition) do update set epoch = p.epoch + 1
      returning epoch, next_offset, stored_at, toolbox_ids, generations, heard_at""";

  /** The ids are long and seldom change: what stays is not written again. */
  private static final String STORE =
      """
      update heartbeat_partitions
         set next_offset = $3, stored_at = $4, heard_at = $5,
             toolbox_ids = coalesce($6, toolbox_ids), generations = coalesce($7, generations)
       where partition = $1 and epoch = $2""";

  private static final String IS_OWNER =
      "select 1 from heartbeat_partitions where partition = $1 and epoch = $2 for share";

  private static final String FIND =
      """
      select u.id, u.generation, u.at
        from heartbeat_partitions p, unnest(p.toolbox_ids, p.generations, p.heard_at) as u(id, generation, at)
       where u.id = any($1)""";

  private static final String STORED_AT = "select partition, stored_at from heartbeat_partitions";

  private final Pool pool;

  @Inject
  public StoredHeartbeatPartitions(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<TakenOver> claim(int partition, long begin) {
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(partition, begin))
        .map(rows -> takenOver(partition, rows.iterator().next()));
  }

  private static TakenOver takenOver(int partition, Row row) {
    var ids = row.getArrayOfUUIDs("toolbox_ids");
    var generations = row.getArrayOfLongs("generations");
    var times = row.getArrayOfOffsetDateTimes("heard_at");
    return new TakenOver(
        new Claim(partition, row.getLong("epoch")),
        row.getLong("next_offset"),
        Rows.instant(row.getOffsetDateTime("stored_at")),
        IntStream.range(0, ids.length)
            .mapToObj(i -> new Heard(ids[i], generations[i], times[i].toInstant()))
            .toList());
  }

  @Override
  public Uni<List<Claim>> store(List<Batch> batches) {
    if (batches.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return pool.preparedQuery(STORE)
        .executeBatch(batches.stream().map(StoredHeartbeatPartitions::tuple).toList())
        .map(
            result -> {
              var refused = new ArrayList<Claim>();
              RowSet<Row> one = result;
              for (var batch : batches) {
                if (one.rowCount() == 0) {
                  refused.add(batch.claim());
                }
                one = one.next();
              }
              return refused;
            });
  }

  private static Tuple tuple(Batch batch) {
    var heard = batch.heard();
    return Tuple.tuple()
        .addInteger(batch.claim().partition())
        .addLong(batch.claim().epoch())
        .addLong(batch.nextOffset())
        .addOffsetDateTime(batch.at().atOffset(ZoneOffset.UTC))
        .addArrayOfOffsetDateTime(
            heard.stream().map(h -> h.at().atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new))
        .addArrayOfUUID(
            batch.withMembers() ? heard.stream().map(Heard::toolboxId).toArray(UUID[]::new) : null)
        .addArrayOfLong(
            batch.withMembers()
                ? heard.stream().map(Heard::generation).toArray(Long[]::new)
                : null);
  }

  @Override
  public Uni<Boolean> isOwner(Claim claim) {
    return Panache.getSession()
        .flatMap(session -> SessionSql.select(session, IS_OWNER, claim.partition(), claim.epoch()))
        .map(found -> !found.isEmpty());
  }

  /**
   * On the connection of the current session where there is one: whoever asks may be in the middle
   * of a transaction.
   */
  @Override
  public Uni<Map<UUID, Heard>> find(Collection<UUID> toolboxIds) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .flatMap(
                    session ->
                        SessionSql.select(session, FIND, (Object) toolboxIds.toArray(UUID[]::new)))
                .map(
                    rows -> {
                      var found = new HashMap<UUID, Heard>();
                      for (var row : rows) {
                        var id = (UUID) row[0];
                        var heard =
                            new Heard(id, (Long) row[1], Rows.instant((OffsetDateTime) row[2]));
                        found.merge(id, heard, (x, y) -> x.at().isAfter(y.at()) ? x : y);
                      }
                      return found;
                    }));
  }

  @Override
  public Uni<Map<Integer, Instant>> storedAt() {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .flatMap(session -> SessionSql.select(session, STORED_AT))
                .map(
                    rows -> {
                      var found = new HashMap<Integer, Instant>();
                      for (var row : rows) {
                        if (row[1] != null) {
                          found.put((Integer) row[0], Rows.instant((OffsetDateTime) row[1]));
                        }
                      }
                      return found;
                    }));
  }
}
