package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Action;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Hold;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Kept;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Plan;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Sight;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.State;
import io.agentopia.toolbox.provisioner.fleet.Owner;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.agentopia.toolbox.runtime.restore.Incarnation;
import io.agentopia.toolbox.runtime.restore.Incarnations;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Runs the {@link OrphanSweep} on the list that the watch has read: whoever owns what is read from
 * the database after it. Every action can be repeated without harm; what fails is done by the next
 * sweep.
 */
@ApplicationScoped
public class OrphanSweeper {
  private static final Logger LOG = Logger.getLogger(OrphanSweeper.class);
  private static final Duration DELETE_AGAIN = Duration.ofMinutes(1);

  private final ToolboxStore toolboxes;
  private final UnitOfWork units;
  private final Fleet fleet;
  private final OrphanDroplets orphans;
  private final OrphanBreaker breaker;
  private final CloudProvider cloud;
  private final OrphanSweep sweep;
  private final Voices voices;
  private final Supplier<Incarnation> incarnation;
  private final Clock clock;
  private Set<Long> lastSpared = Set.of();

  @Inject
  public OrphanSweeper(
      ToolboxStore toolboxes,
      UnitOfWork units,
      Fleet fleet,
      OrphanDroplets orphans,
      OrphanBreaker breaker,
      CloudProvider cloud,
      Voices voices,
      Incarnations incarnations,
      ProvisionerConfig config,
      Clock clock) {
    this(
        toolboxes,
        units,
        fleet,
        orphans,
        breaker,
        cloud,
        voices,
        incarnations::current,
        config,
        clock);
  }

  public OrphanSweeper(
      ToolboxStore toolboxes,
      UnitOfWork units,
      Fleet fleet,
      OrphanDroplets orphans,
      OrphanBreaker breaker,
      CloudProvider cloud,
      Voices voices,
      Supplier<Incarnation> incarnation,
      ProvisionerConfig config,
      Clock clock) {
    this.toolboxes = toolboxes;
    this.units = units;
    this.fleet = fleet;
    this.orphans = orphans;
    this.breaker = breaker;
    this.cloud = cloud;
    this.voices = voices;
    this.incarnation = incarnation;
    this.clock = clock;
    this.sweep =
        new OrphanSweep(
            new OrphanSweep.Rules(
                config.orphanGrace(),
                config.createDeadline().plus(config.listingLag()),
                config.listingLag(),
                DELETE_AGAIN,
                config.orphanLimit()));
  }

  public Uni<Void> sweep(List<CloudProvider.Droplet> droplets) {
    var listed =
        droplets.stream().map(d -> new Listed(d.id(), d.name(), d.tags(), d.createdAt())).toList();
    return orphans
        .kept(listed.stream().map(Listed::id).toList())
        .flatMap(kept -> sight(listed, kept))
        .flatMap(this::plan)
        .invoke(plan -> tellOf(plan.spared()))
        .flatMap(this::perform);
  }

  /** Nobody is given up whose agent speaks: then it is our knowledge that is wrong. */
  private Uni<Plan> plan(Sight sight) {
    var first = sweep.plan(sight, clock.instant());
    var givenUp = first.givenUp(sight.listed());
    return givenUp.isEmpty()
        ? Uni.createFrom().item(first)
        : voices.of(givenUp).map(speaking -> sweep.plan(sight.hearing(speaking), clock.instant()));
  }

  private void tellOf(List<Listed> spared) {
    var ids = spared.stream().map(Listed::id).collect(Collectors.toSet());
    if (!ids.equals(lastSpared) && !ids.isEmpty()) {
      LOG.errorf(
          "droplets without an owner are spared, their agents speak: droplets=%s action=look whether"
              + " this database is whole; their toolboxes are in their tags",
          spared);
    }
    lastSpared = ids;
  }

  private Uni<Sight> sight(List<Listed> listed, List<Kept> kept) {
    return fleet
        .owners(listed)
        .flatMap(
            found ->
                Uni.combine()
                    .all()
                    .unis(knowsToolboxes(found), isRestored(), breaker.allowance())
                    .with(
                        (knows, restored, allowance) ->
                            new Sight(
                                listed,
                                found,
                                kept,
                                knows,
                                restored,
                                allowance.map(Allowance::upTo).orElse(0),
                                Set.of())));
  }

  private Uni<Boolean> isRestored() {
    var current = incarnation.get();
    return current.isRestored()
        ? breaker.wasAllowedSince(current.since()).map(word -> !word)
        : Uni.createFrom().item(false);
  }

  private Uni<Boolean> knowsToolboxes(List<Owner> found) {
    return found.isEmpty() ? units.inSession(toolboxes::hasAny) : Uni.createFrom().item(true);
  }

  private Uni<Void> perform(Plan plan) {
    return told(plan.hold())
        .flatMap(
            ignored ->
                Multi.createFrom()
                    .iterable(plan.actions())
                    .onItem()
                    .transformToUniAndConcatenate(this::perform)
                    .collect()
                    .asList())
        .replaceWithVoid();
  }

  private Uni<Void> told(Hold hold) {
    return hold == null
        ? breaker
            .release()
            .invoke(wasHeld -> logIf(wasHeld, "orphan sweep goes on: nothing holds it any more"))
            .replaceWithVoid()
        : breaker.hold(hold).invoke(isNews -> log(hold, isNews)).replaceWithVoid();
  }

  private static void logIf(boolean condition, String sentence) {
    if (condition) {
      LOG.info(sentence);
    }
  }

  private static void log(Hold hold, boolean isNews) {
    if (isNews) {
      LOG.errorf(
          "orphan sweep held, nothing is quarantined or deleted: reason=%s found=%d limit=%d"
              + " action=look at GET /internal/orphans and at the database; is it this installation's, and whole?"
              + " If the droplets really have no owner, allow it with POST /internal/orphans/allow",
          hold.reason(), hold.found(), hold.most());
    }
  }

  private Uni<Void> perform(Action action) {
    return switch (action) {
      case Action.Quarantine a -> quarantine(a);
      case Action.Mark a -> mark(a.dropletId());
      case Action.Delete a -> delete(a.dropletId());
      case Action.Release a -> release(a.dropletId());
      case Action.Gone a -> become(a.dropletId(), State.GONE);
    };
  }

  /** Written down before it is marked: the mark can be made up for, the time cannot. */
  private Uni<Void> quarantine(Action.Quarantine a) {
    var droplet = a.droplet();
    LOG.warnf(
        "droplet without an owner quarantined: dropletId=%d name=%s tags=%s reason=%s createdAt=%s",
        droplet.id(), droplet.name(), droplet.tags(), a.reason(), droplet.createdAt());
    return orphans.quarantine(droplet, a.reason()).flatMap(ignored -> mark(droplet.id()));
  }

  private Uni<Void> mark(long dropletId) {
    return cloud
        .tag(dropletId, Tags.QUARANTINED)
        .invoke(
            tagged -> {
              if (tagged instanceof Tagged.Deferred d) {
                LOG.warnf(
                    "orphan not tagged, tried again by the next sweep: dropletId=%d cause=%s",
                    dropletId, d.detail());
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> delete(long dropletId) {
    return cloud
        .delete(dropletId)
        .flatMap(
            deleted ->
                switch (deleted) {
                  case Deleted.Accepted d -> become(dropletId, State.DELETED);
                  case Deleted.Absent d -> become(dropletId, State.GONE);
                  case Deleted.Deferred d -> {
                    LOG.warnf(
                        "orphan not deleted, tried again by the next sweep: dropletId=%d cause=%s",
                        dropletId, d.detail());
                    yield Uni.createFrom().voidItem();
                  }
                });
  }

  /** The mark goes first: a release that is cut short is done again. */
  private Uni<Void> release(long dropletId) {
    return cloud
        .untag(dropletId, Tags.QUARANTINED)
        .flatMap(
            untagged ->
                untagged instanceof Tagged.Deferred
                    ? Uni.createFrom().voidItem()
                    : become(dropletId, State.RELEASED));
  }

  private Uni<Void> become(long dropletId, State state) {
    LOG.infof("orphan %s: dropletId=%d", state, dropletId);
    return orphans.become(dropletId, state);
  }
}
