package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** The health service's rows of toolboxes, in memory. */
final class HealthStore implements HealthRows {
  private final World world;
  private final Entities<UUID, HealthRow> rows;

  HealthStore(World world, Service service) {
    this.world = world;
    rows = new Entities<>(service, HealthRow.class, row -> row.toolboxId, this::stored);
  }

  private void stored(HealthRow before, HealthRow after) {
    var i = World.index(after.toolboxId);
    after.version++;
    if (before != null) {
      world.invariants.watchStored(i, before.watch(), after.watch());
    }
    world.trace(i, () -> "health stores " + after.health() + " g" + after.generation);
  }

  /** Null where there is none. */
  HealthRow row(int toolbox) {
    return rows.row(World.id(toolbox));
  }

  /** For the open transaction, which stores what it changes of it. */
  HealthRow locked(UUID toolboxId) {
    return rows.get(toolboxId);
  }

  /** As they are in the open transaction. */
  Collection<HealthRow> all() {
    return rows.all().toList();
  }

  boolean isWatched(int toolbox) {
    var row = row(toolbox);
    return row != null && !(row.health() instanceof Unwatched);
  }

  @Override
  public Uni<HealthRow> find(UUID toolboxId) {
    return Uni.createFrom().item(rows.get(toolboxId));
  }

  @Override
  public Uni<HealthRow> lock(UUID toolboxId) {
    return find(toolboxId);
  }

  @Override
  public Uni<Void> lockAll(Collection<UUID> toolboxIds) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<HealthRow>> lockBelow(long sequence, int most) {
    throw new UnsupportedOperationException("no database is restored here");
  }

  @Override
  public Uni<Void> add(HealthRow row) {
    rows.add(row);
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<HealthRow>> due(Instant now, Predicate<UUID> isMine) {
    var due = new ArrayList<HealthRow>();
    for (var row : rows.rows()) {
      if (row.lookAgainAt != null && !row.lookAgainAt.isAfter(now) && isMine.test(row.toolboxId)) {
        due.add(rows.copy(row));
      }
    }
    return Uni.createFrom().item(due);
  }

  @Override
  public Uni<List<HealthRow>> byIds(Collection<UUID> toolboxIds) {
    return Uni.createFrom()
        .item(toolboxIds.stream().map(rows::row).filter(Objects::nonNull).map(rows::copy).toList());
  }

  @Override
  public Uni<Set<UUID>> store(List<Writing> writings) {
    var written = new HashSet<UUID>();
    for (var writing : writings) {
      var row = writing.row();
      var stands = rows.row(row.toolboxId);
      if (stands != null && stands.version == row.version && !isOlder(row, stands)) {
        var next = rows.copy(row);
        next.findings =
            writing.findings() == null ? stands.findings : Stored.json(writing.findings());
        next.lookAgainAt = row.health() instanceof Unwatched ? null : writing.lookAgainAt();
        rows.put(next);
        written.add(row.toolboxId);
      }
    }
    return Uni.createFrom().item(written);
  }

  private static boolean isOlder(HealthRow row, HealthRow stands) {
    return stands.lastHeartbeatAt != null
        && (row.lastHeartbeatAt == null || row.lastHeartbeatAt.isBefore(stands.lastHeartbeatAt));
  }

  @Override
  public Uni<Void> putOff(UUID toolboxId, Instant until) {
    var row = rows.row(toolboxId);
    if (row != null && !(row.health() instanceof Unwatched)) {
      row.lookAgainAt = until;
    }
    return Uni.createFrom().voidItem();
  }
}
