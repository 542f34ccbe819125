package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.AilingDroplet.State;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Lost and sick droplets, in memory; and what an operator allows. */
final class Patients implements AilingDroplets {
  private final World world;
  private final HealthStore rows;
  private final Table<Key, AilingDroplet> droplets;
  private int allowed;

  Patients(World world, Service service, HealthStore rows) {
    this.world = world;
    this.rows = rows;
    droplets = new Table<>(service);
  }

  /** An operator has looked: so many were lost indeed. */
  void allowAll() {
    allowed = World.TOOLBOXES;
  }

  boolean hasGivenUp(int toolbox) {
    return of(World.id(toolbox)).anyMatch(one -> one.state() == State.GIVEN_UP);
  }

  boolean hasAlert(int toolbox) {
    return of(World.id(toolbox)).anyMatch(one -> one.alert() != null);
  }

  private Stream<AilingDroplet> of(UUID toolboxId) {
    return droplets.all().stream().filter(one -> one.key().toolboxId().equals(toolboxId));
  }

  boolean isAnyDue(Instant now) {
    for (var one : droplets.all()) {
      if (isDue(one, now)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDue(AilingDroplet one, Instant now) {
    return one.dueAt() != null && !one.dueAt().isAfter(now);
  }

  @Override
  public Uni<List<Key>> claim(Instant now, Duration lease) {
    var due = droplets.all().stream().filter(one -> isDue(one, now)).toList();
    due.forEach(
        one ->
            droplets.putAtOnce(
                one.key(),
                new AilingDroplet(
                    one.key(),
                    one.ailment(),
                    one.since(),
                    one.state(),
                    one.asked(),
                    one.alert(),
                    now.plus(lease))));
    return Uni.createFrom().item(due.stream().map(AilingDroplet::key).toList());
  }

  @Override
  public Uni<Fleet> fleet(Instant now, Duration window) {
    var begin = now.minus(window);
    var counted =
        droplets.all().stream()
            .filter(one -> one.since().isAfter(begin) || one.state() == State.OPEN)
            .map(one -> one.key().toolboxId())
            .toList();
    var fleet = new HashSet<>(counted);
    for (var row : rows.all()) {
      if (rows.isWatched(World.index(row.toolboxId))) {
        fleet.add(row.toolboxId);
      }
    }
    return Uni.createFrom().item(new Fleet(counted.size(), fleet.size(), allowed));
  }

  @Override
  public Uni<AilingDroplet> find(Key key) {
    return Uni.createFrom().item(droplets.get(key));
  }

  @Override
  public Uni<Void> save(AilingDroplet droplet) {
    droplets.put(droplet.key(), droplet.state() == State.FOUND ? null : droplet);
    world.trace(World.index(droplet.key().toolboxId()), () -> "health stores " + droplet);
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<AilingDroplet>> unfinished(UUID toolboxId) {
    return Uni.createFrom()
        .item(
            of(toolboxId).filter(one -> one.state() != State.OVER || one.alert() != null).toList());
  }

  @Override
  public Uni<List<Instant>> recreations(UUID toolboxId, long before) {
    return Uni.createFrom()
        .item(
            of(toolboxId)
                .filter(one -> one.key().generation() < before && one.asked() != null)
                .map(AilingDroplet::asked)
                .filter(asked -> asked.remedy().equals(Remedy.RECREATE_DROPLET))
                .map(AilingDroplet.Asked::at)
                .toList());
  }

  @Override
  public Uni<List<AilingDroplet>> open(int most) {
    return Uni.createFrom()
        .item(droplets.all().stream().filter(one -> one.state() != State.OVER).toList());
  }
}
