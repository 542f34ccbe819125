package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Kept;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.State;
import io.agentopia.toolbox.provisioner.fleet.Owner;
import io.agentopia.toolbox.provisioner.fleet.WatchPace.Standing;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.provisioner.work.Fleet;
import io.agentopia.toolbox.provisioner.work.FleetWatch;
import io.agentopia.toolbox.provisioner.work.Leases;
import io.agentopia.toolbox.provisioner.work.OrphanBreaker;
import io.agentopia.toolbox.provisioner.work.OrphanDroplets;
import io.agentopia.toolbox.provisioner.work.OrphanSweeper;
import io.agentopia.toolbox.provisioner.work.Voices;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.agentopia.toolbox.runtime.restore.Incarnation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the provisioner's own fleet watch and orphan sweep stand on, in memory. */
final class WatchedFleet {
  private final World world;
  private final Provisioner provisioner;
  private final Table<String, Lease> leases;
  private final Table<Long, Kept> orphans;
  private int lives;
  private boolean isHeld;

  private record Lease(String holder, Instant until, Instant doneAt) {}

  WatchedFleet(World world, Provisioner provisioner) {
    this.world = world;
    this.provisioner = provisioner;
    leases = new Table<>(provisioner);
    orphans = new Table<>(provisioner);
  }

  /** Looks as long as this life of the instance lasts. */
  void begin(Process process, FleetWatch watch) {
    var every = provisioner.config().watchEvery().toMillis();
    process.in(
        world.chance.between(every / 2, every),
        () ->
            watch
                .claim()
                .flatMap(
                    due ->
                        due.items().isEmpty()
                            ? Uni.createFrom().voidItem()
                            : watch.look(due.items().getFirst()))
                .subscribe()
                .with(done -> begin(process, watch), failure -> world.failed(-1, failure)));
  }

  FleetWatch watch(Process process, Provisioner.Life life, CloudProvider cloud) {
    var clock = new WorldClock(world);
    var fleet = Mutants.fleet(world.mutant, new Rows());
    var sweeper =
        new OrphanSweeper(
            life.store(),
            life.units(),
            fleet,
            new Orphans(process),
            new Breaker(),
            cloud,
            new Agents(),
            () -> Incarnation.FIRST,
            provisioner.config(),
            clock);
    return new FleetWatch(
        life.toolboxes(),
        fleet,
        cloud,
        Mutants.sweep(world.mutant, sweeper::sweep),
        new Held(process),
        this::beside,
        provisioner.config(),
        clock);
  }

  private <T> Uni<T> beside(Supplier<Uni<T>> work) {
    return Uni.createFrom().deferred(work::get);
  }

  /** What is stored at once, by a statement of its own. */
  private <T> Uni<T> written(Process process, Supplier<T> what) {
    return Uni.createFrom()
        .deferred(
            () ->
                process.alive(
                    () -> {
                      var result = new ArrayList<T>(1);
                      provisioner.transact(process, tx -> result.add(what.get()));
                      return Uni.createFrom().item(result.getFirst());
                    }));
  }

  private final class Held implements Leases {
    private final Process process;
    private final String me = "life " + ++lives;

    Held(Process process) {
      this.process = process;
    }

    @Override
    public Uni<Boolean> take(String name, Duration length) {
      return written(
          process,
          () -> {
            var now = world.instant();
            var lease = leases.get(name);
            if (lease != null && !isMine(lease.holder()) && !lease.until().isBefore(now)) {
              return false;
            }
            var doneAt = lease == null ? null : lease.doneAt();
            leases.put(name, new Lease(me, now.plus(length), doneAt));
            return true;
          });
    }

    @Override
    public boolean isMine(String holder) {
      return me.equals(holder);
    }

    @Override
    public Uni<Void> done(String name, Instant at) {
      return written(
              process,
              () -> {
                var lease = leases.get(name);
                leases.put(name, new Lease(lease.holder(), lease.until(), at));
                return true;
              })
          .replaceWithVoid();
    }
  }

  private final class Rows implements Fleet {

    @Override
    public Uni<Watch> watch(String name, Duration bootDeadline) {
      var lease = Optional.ofNullable(leases.get(name));
      var last = lease.map(Lease::doneAt).orElse(Instant.EPOCH);
      var made = new ArrayList<Instant>();
      Instant spoke = null;
      var hasAny = false;
      for (var row : provisioner.rows()) {
        hasAny |= owner(row).dropletId() != null;
        if (row.toolbox().state() instanceof Booting booting) {
          made.add(booting.deadline().minus(bootDeadline));
          var isLater = spoke == null || row.updatedAt().isAfter(spoke);
          spoke = booting.agent() != null && isLater ? row.updatedAt() : spoke;
        }
      }
      var unseen = made.stream().filter(at -> at.isAfter(last)).min(Instant::compareTo);
      var seen = made.stream().filter(at -> !at.isAfter(last)).max(Instant::compareTo);
      return Uni.createFrom()
          .item(
              new Watch(
                  lease.map(Lease::holder).orElse(null),
                  lease.map(Lease::until).orElse(null),
                  last,
                  new Standing(!hasAny, unseen.orElse(null), seen.orElse(null), spoke)));
    }

    @Override
    public Uni<List<Watched>> watched() {
      return Uni.createFrom()
          .item(
              provisioner.rows().stream().flatMap(row -> watched(row.toolbox()).stream()).toList());
    }

    private static Optional<Watched> watched(Toolbox toolbox) {
      return switch (toolbox.state()) {
        case Booting s ->
            Optional.of(new Watched(toolbox.id(), s.dropletId(), true, s.active(), null, false));
        case HasAddress s ->
            Optional.of(
                new Watched(
                    toolbox.id(),
                    s.dropletId(),
                    false,
                    false,
                    s.ipv4(),
                    s instanceof Unresponsive u && u.lost()));
        case NoDroplet s -> Optional.empty();
      };
    }

    @Override
    public Uni<List<Owner>> owners(List<Listed> droplets) {
      var ids = droplets.stream().map(Listed::id).collect(Collectors.toSet());
      var toolboxes =
          droplets.stream().flatMap(d -> d.toolboxId().stream()).collect(Collectors.toSet());
      return Uni.createFrom()
          .item(
              provisioner.rows().stream()
                  .map(WatchedFleet::owner)
                  .filter(o -> ids.contains(o.dropletId()) || toolboxes.contains(o.toolboxId()))
                  .toList());
    }
  }

  private static Owner owner(Provisioner.Row row) {
    return Owner.of(row.toolbox(), row.updatedAt());
  }

  private final class Orphans implements OrphanDroplets {
    private final Process process;

    Orphans(Process process) {
      this.process = process;
    }

    @Override
    public Uni<List<Kept>> kept(Collection<Long> dropletIds) {
      return Uni.createFrom()
          .item(
              orphans.all().stream()
                  .filter(k -> k.state() == State.QUARANTINED || dropletIds.contains(k.dropletId()))
                  .toList());
    }

    @Override
    public Uni<Void> quarantine(Listed droplet, String reason) {
      return become(droplet.id(), State.QUARANTINED);
    }

    @Override
    public Uni<Void> become(long id, State state) {
      return written(
              process,
              () -> {
                var now = world.instant();
                var before = orphans.get(id);
                var first = before == null ? now : before.firstSeen();
                orphans.put(id, new Kept(id, state, first, state == State.DELETED ? now : null));
                return true;
              })
          .replaceWithVoid();
    }
  }

  private final class Breaker implements OrphanBreaker {

    @Override
    public Uni<Boolean> hold(Hold hold) {
      var isNews = !isHeld;
      isHeld = true;
      return Uni.createFrom().item(isNews);
    }

    @Override
    public Uni<Boolean> release() {
      var wasHeld = isHeld;
      isHeld = false;
      return Uni.createFrom().item(wasHeld);
    }

    @Override
    public Uni<Optional<Allowance>> allowance() {
      return Uni.createFrom().item(Optional.empty());
    }

    @Override
    public Uni<Boolean> wasAllowedSince(Instant since) {
      return Uni.createFrom().item(false);
    }
  }

  private final class Agents implements Voices {

    @Override
    public Uni<Set<Long>> of(Collection<Listed> droplets) {
      var speaking = new HashSet<Long>();
      for (var droplet : droplets) {
        if (droplet.toolboxId().isPresent()
            && world.cloud.machine(droplet.id()).hasSpokenOfLate()) {
          speaking.add(droplet.id());
        }
      }
      return Uni.createFrom().item(speaking);
    }
  }
}
