package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.fleet.Comparison;
import io.agentopia.toolbox.provisioner.fleet.Comparison.Found;
import io.agentopia.toolbox.provisioner.fleet.Comparison.News;
import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import io.agentopia.toolbox.provisioner.fleet.Confirmations;
import io.agentopia.toolbox.provisioner.fleet.WatchPace;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.runtime.work.Beside;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Sees what the cloud says of every droplet with one paged list for the whole fleet, never one call
 * per droplet: see {@link WatchPace}. Toolboxes are read only for a look that happens, and only
 * what differs from the list opens a transaction; what no toolbox owns is the {@link
 * OrphanSweeper}'s. A look that a new droplet waits for is part of creating it: without it the
 * droplet would be given up for want of an address nobody asked for.
 */
@ApplicationScoped
public class FleetWatch {
  private static final Logger LOG = Logger.getLogger(FleetWatch.class);

  /** Of the driver, of its announcements, and of the lease. */
  static final String NAME = "fleet-watch";

  /** So much later than the leader do others look, so that one that is well goes on leading. */
  private static final Duration STAND_BACK = Duration.ofSeconds(2);

  private static final int PAGE = 200;
  private static final int SIDE_BY_SIDE = 8;

  private final Toolboxes toolboxes;
  private final Fleet fleet;
  private final CloudProvider cloud;
  private final Sweep orphans;
  private final Leases leases;
  private final Beside beside;
  private final ProvisionerConfig config;
  private final Clock clock;
  private final WatchPace pace;
  private final Confirmations confirmations;
  private volatile Postponed postponed = new Postponed(Instant.EPOCH, Priority.WATCH);
  private volatile int pages = 1;
  private volatile boolean isBehind;

  @Inject
  public FleetWatch(
      Toolboxes toolboxes,
      Fleet fleet,
      CloudProvider cloud,
      OrphanSweeper orphans,
      Leases leases,
      Beside beside,
      ProvisionerConfig config,
      Clock clock) {
    this(toolboxes, fleet, cloud, orphans::sweep, leases, beside, config, clock);
  }

  public FleetWatch(
      Toolboxes toolboxes,
      Fleet fleet,
      CloudProvider cloud,
      Sweep orphans,
      Leases leases,
      Beside beside,
      ProvisionerConfig config,
      Clock clock) {
    this.toolboxes = toolboxes;
    this.fleet = fleet;
    this.cloud = cloud;
    this.orphans = orphans;
    this.leases = leases;
    this.beside = beside;
    this.config = config;
    this.clock = clock;
    this.pace =
        new WatchPace(
            config.watchBusy(), config.watchApart(), config.watchIdle(), config.watchEmpty());
    this.confirmations = new Confirmations(config.watchConfirmations());
  }

  /** What is done about those of the listed droplets that no toolbox owns. */
  public interface Sweep {
    Uni<Void> of(List<Droplet> listed);
  }

  /** Calls are kept from idle looks that a droplet's look still gets. */
  private record Postponed(Instant until, Priority priority) {
    Instant earliest(Priority look, Instant now) {
      var holds = now.isBefore(until) && (look == priority || look == Priority.WATCH);
      return holds ? until : Instant.EPOCH;
    }
  }

  /**
   * @param at when it was due, which is before the cloud is asked
   */
  public record Look(Priority priority, Instant at) {}

  /** The look that is due, if there is one and this instance has the lease. */
  public Uni<Claimed<Look>> claim() {
    return fleet.watch(NAME, config.bootDeadline()).flatMap(this::ifDue);
  }

  private Uni<Claimed<Look>> ifDue(Fleet.Watch watch) {
    var now = clock.instant();
    var priority = watch.standing().isWaiting() ? Priority.CHANGE : Priority.WATCH;
    var due = later(dueAt(watch), postponed.earliest(priority, now));
    if (watch.leader() != null && !leases.isMine(watch.leader())) {
      due = later(due.plus(STAND_BACK), watch.ledUntil());
    }
    if (now.isBefore(due)) {
      return Uni.createFrom().item(Claimed.nothing(due));
    }
    return leases
        .take(NAME, config.lease())
        .map(
            isMine ->
                isMine
                    ? new Claimed<>(List.of(new Look(priority, now)), null)
                    : Claimed.nothing(now.plus(config.lease())));
  }

  private Instant dueAt(Fleet.Watch watch) {
    return isBehind && leases.isMine(watch.leader())
        ? pace.soonest(watch.lastLook(), pages)
        : pace.nextLook(watch.lastLook(), watch.standing(), pages);
  }

  public Uni<Void> look(Look look) {
    return fleet
        .watched()
        .flatMap(
            rows ->
                cloud
                    .list(config.fleetTag(), look.priority())
                    .flatMap(listed -> compare(look, rows, listed)));
  }

  private Uni<Void> compare(Look look, List<Watched> rows, Listed listed) {
    return switch (listed) {
      case Listed.Unavailable u -> postpone(u, look.priority());
      case Listed.Droplets d -> {
        pages = 1 + d.droplets().size() / PAGE;
        var seen = d.droplets().stream().map(FleetWatch::seen).toList();
        var comparison = Comparison.of(rows, seen);
        yield leases
            .done(NAME, look.at())
            .flatMap(ignored -> sideBySide(comparison.news(), this::record))
            .flatMap(ignored -> confirm(comparison.missing()))
            .flatMap(ignored -> confirmFound(comparison.found()))
            .flatMap(ignored -> orphans.of(d.droplets()));
      }
    };
  }

  private static Fact.DropletSeen seen(Droplet droplet) {
    return new Fact.DropletSeen(droplet.id(), droplet.active(), droplet.ipv4());
  }

  private Uni<Void> postpone(Listed.Unavailable unavailable, Priority priority) {
    LOG.warnf(
        "fleet not listed: cause=%s retryAfter=%s", unavailable.detail(), unavailable.retryAfter());
    postponed = new Postponed(clock.instant().plus(unavailable.retryAfter()), priority);
    return Uni.createFrom().voidItem();
  }

  /**
   * Missing from two lists in a row may still be the list's lag; only the cloud's own 404 makes it
   * a fact.
   */
  private Uni<Void> confirm(List<Watched> missing) {
    var asked = confirmations.next(missing);
    isBehind = confirmations.isBehind();
    return sideBySide(asked, this::confirm);
  }

  private Uni<Void> confirm(Watched missing) {
    var fact = new Fact.DropletMissing(missing.dropletId());
    return confirm(missing.dropletId(), Known.NO, new News(missing.toolboxId(), fact));
  }

  /** Only the cloud's own word about the one droplet makes it a fact. */
  private Uni<Void> confirm(long dropletId, Known word, News news) {
    return cloud
        .isKnown(dropletId)
        .flatMap(known -> known == word ? record(news) : Uni.createFrom().voidItem());
  }

  /** So many a look: those that are known again are lost no more at the next. */
  private Uni<Void> confirmFound(List<Found> found) {
    var asked = found.stream().limit(config.watchConfirmations()).toList();
    return sideBySide(asked, one -> confirm(one.fact().dropletId(), Known.YES, one.news()));
  }

  private Uni<Void> record(News news) {
    return toolboxes.record(news.toolboxId(), news.fact()).replaceWithVoid();
  }

  /** A few at a time; what fails is told by the next look again, and the rest goes on. */
  private <T> Uni<Void> sideBySide(List<T> items, Function<T, Uni<Void>> work) {
    var all =
        Multi.createFrom()
            .iterable(items)
            .onItem()
            .transformToUni(item -> apart(item, work))
            .merge(SIDE_BY_SIDE)
            .collect()
            .last()
            .replaceWithVoid();
    return VertxContexts.backOnCallers(all);
  }

  private <T> Uni<Void> apart(T item, Function<T, Uni<Void>> work) {
    return beside
        .beside(() -> work.apply(item))
        .onFailure()
        .invoke(e -> LOG.warnf("not recorded, left to the next look: %s cause=%s", item, e))
        .onFailure()
        .recoverWithNull();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
