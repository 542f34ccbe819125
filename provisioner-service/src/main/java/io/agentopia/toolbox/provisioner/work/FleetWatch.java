package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.fleet.WatchPace;
import io.agentopia.toolbox.provisioner.fleet.WatchPace.OnItsWay;
import io.agentopia.toolbox.provisioner.store.AccountToolEnvironment;
import io.agentopia.toolbox.provisioner.store.Toolboxes;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Booting;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Sees what the cloud says of every droplet with one paged list for the whole fleet, never one call
 * per droplet: see {@link WatchPace}. Each difference from what is stored is a fact; what no
 * toolbox owns is the {@link OrphanSweeper}'s. A look that a new droplet waits for is part of
 * creating it: without it the droplet would be given up for want of an address nobody asked for.
 */
@ApplicationScoped
public class FleetWatch {
  private static final Logger LOG = Logger.getLogger(FleetWatch.class);
  private final Toolboxes toolboxes;
  private final CloudProvider cloud;
  private final Leases leases;
  private final VertxContexts contexts;
  private final ProvisionerConfig config;
  private final Clock clock;
  private final OrphanSweeper orphans;
  private final WatchPace pace;
  private Instant lastLook = Instant.EPOCH;
  private Postponed postponed = new Postponed(Instant.EPOCH, Priority.WATCH);
  private Set<Long> missedLastTime = Set.of();

  @Inject
  public FleetWatch(
      Toolboxes toolboxes,
      CloudProvider cloud,
      OrphanSweeper orphans,
      Leases leases,
      VertxContexts contexts,
      ProvisionerConfig config,
      Clock clock) {
    this.toolboxes = toolboxes;
    this.cloud = cloud;
    this.leases = leases;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
    this.orphans = orphans;
    this.pace = new WatchPace(config.watchBusy(), config.watchIdle(), config.watchEmpty());
  }

  @Scheduled(every = "${provisioner.watch-every}", concurrentExecution = ConcurrentExecution.SKIP)
  void watch() {
    try {
      look();
    } catch (CompletionException e) {
      LOG.warnf("fleet not watched, tried again in the next round: cause=%s", e.getCause());
    }
  }

  private void look() {
    var rows = contexts.run(() -> Panache.withSession(toolboxes::withDroplet)).join();
    var onTheirWay = rows.stream().flatMap(this::onItsWay).toList();
    var priority = onTheirWay.isEmpty() ? Priority.WATCH : Priority.CHANGE;
    var now = clock.instant();
    if (now.isBefore(pace.nextLook(lastLook, rows.isEmpty(), onTheirWay))
        || postponed.holds(priority, now)
        || !isLeader()) {
      return;
    }
    switch (contexts.run(() -> cloud.list(config.fleetTag(), priority)).join()) {
      case Listed.Unavailable u -> postpone(u, priority);
      case Listed.Droplets d -> {
        lastLook = now;
        compare(rows, d.droplets());
        contexts.run(() -> orphans.sweep(d.droplets())).join();
      }
    }
  }

  /** Calls are kept from idle looks that a droplet's look still gets. */
  private record Postponed(Instant until, Priority priority) {
    boolean holds(Priority look, Instant now) {
      return now.isBefore(until) && (look == priority || look == Priority.WATCH);
    }
  }

  private Stream<OnItsWay> onItsWay(AccountToolEnvironment row) {
    return row.stateType.equals("Booting") && row.toToolbox().state() instanceof Booting booting
        ? Stream.of(
            new OnItsWay(booting.deadline().minus(config.bootDeadline()), booting.agent() != null))
        : Stream.empty();
  }

  private boolean isLeader() {
    return contexts
        .run(() -> leases.take("fleet-watch", config.watchEvery().multipliedBy(10)))
        .join();
  }

  private void postpone(Listed.Unavailable unavailable, Priority priority) {
    LOG.warnf(
        "fleet not listed: cause=%s retryAfter=%s", unavailable.detail(), unavailable.retryAfter());
    postponed = new Postponed(clock.instant().plus(unavailable.retryAfter()), priority);
  }

  private void compare(List<AccountToolEnvironment> rows, List<Droplet> listed) {
    Map<Long, Droplet> byId =
        listed.stream().collect(Collectors.toMap(Droplet::id, Function.identity(), (a, b) -> a));
    var missed = new HashSet<Long>();
    for (var row : rows) {
      if (row.dropletId == null) {
        continue; // not known yet: the look-up step finds it by its own tag
      }
      var droplet = byId.get(row.dropletId);
      if (droplet != null) {
        record(row, new Fact.DropletSeen(droplet.id(), droplet.active(), droplet.ipv4()));
      } else {
        missed.add(row.dropletId);
      }
    }
    rows.stream()
        .filter(
            row ->
                row.dropletId != null
                    && missed.contains(row.dropletId)
                    && missedLastTime.contains(row.dropletId))
        .forEach(this::confirmMissing);
    missedLastTime = missed;
  }

  /**
   * Missing from two lists in a row may still be the list's lag; only the cloud's own 404 makes it
   * a fact.
   */
  private void confirmMissing(AccountToolEnvironment row) {
    if (contexts.run(() -> cloud.isKnown(row.dropletId)).join() == Known.NO) {
      record(row, new Fact.DropletMissing(row.dropletId));
    }
  }

  private void record(AccountToolEnvironment row, Fact fact) {
    if (toolboxes.lifecycle().apply(row.toToolbox(), fact, clock.instant())
        instanceof Outcome.Unchanged) {
      return; // most of the fleet most of the time: no transaction for it
    }
    contexts.run(() -> toolboxes.record(row.id, fact).replaceWithVoid()).join();
  }
}
