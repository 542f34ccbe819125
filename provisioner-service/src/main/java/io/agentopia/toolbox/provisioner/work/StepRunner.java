package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.bootstrap.UserData;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.DropletRequest;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Step;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.PendingProvision;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Removal;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Trouble;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import io.agentopia.toolbox.runtime.restore.Incarnation;
import io.agentopia.toolbox.runtime.restore.Incarnations;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs the step the planner wants, and records its result as a fact: transaction, then the call to
 * the cloud, then another transaction. Whatever is interrupted in between is decided anew from the
 * stored state.
 */
@ApplicationScoped
public class StepRunner {
  private static final Logger LOG = Logger.getLogger(StepRunner.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int MOST_STEPS_AT_ONCE = 5;

  private final Toolboxes toolboxes;
  private final ToolboxStore store;
  private final UnitOfWork units;
  private final JoinTokens joinTokens;
  private final CloudProvider cloud;
  private final ProvisionerConfig config;
  private final Supplier<Incarnation> incarnation;
  private final Clock clock;

  @Inject
  public StepRunner(
      Toolboxes toolboxes,
      ToolboxStore store,
      UnitOfWork units,
      JoinTokens joinTokens,
      CloudProvider cloud,
      ProvisionerConfig config,
      Incarnations incarnations,
      Clock clock) {
    this(toolboxes, store, units, joinTokens, cloud, config, incarnations::current, clock);
  }

  public StepRunner(
      Toolboxes toolboxes,
      ToolboxStore store,
      UnitOfWork units,
      JoinTokens joinTokens,
      CloudProvider cloud,
      ProvisionerConfig config,
      Supplier<Incarnation> incarnation,
      Clock clock) {
    this.toolboxes = toolboxes;
    this.store = store;
    this.units = units;
    this.joinTokens = joinTokens;
    this.cloud = cloud;
    this.config = config;
    this.incarnation = incarnation;
    this.clock = clock;
  }

  /**
   * A step that is this instance's for as long as the lease lasts.
   *
   * @param joinToken of a create request whose attempt is stored, and which may go out; else null
   */
  public record Begun(Toolbox toolbox, Step step, String joinToken) {
    @Override
    public String toString() {
      return "Begun[toolboxId=" + toolbox.id() + ", step=" + step + "]"; // the token is a secret
    }
  }

  /**
   * Takes up toolboxes whose step is due. The intent of a create request is stored with the claim:
   * before anything goes out, and for as long as the call may take.
   */
  public Uni<Claimed<Begun>> claim(int most) {
    return units
        .inSession(store::nextDue)
        .flatMap(
            next ->
                next == null || clock.instant().isBefore(next)
                    ? Uni.createFrom().item(Claimed.nothing(next))
                    : units.inTransaction(() -> claimDue(most)));
  }

  private Uni<Claimed<Begun>> claimDue(int most) {
    var now = clock.instant();
    return store
        .claim(most, now, now.plus(config.lease()))
        .flatMap(
            due ->
                Multi.createFrom()
                    .iterable(due.items())
                    .onItem()
                    .transformToUniAndConcatenate(
                        t -> begin(t, Planner.next(t, now), () -> attempt(t)))
                    .collect()
                    .asList()
                    .map(begun -> new Claimed<>(begun, due.nextAt())));
  }

  private Uni<Begun> begin(Toolbox toolbox, Step step, Supplier<Uni<Begun>> attempt) {
    if (!(step instanceof Step.CreateDroplet)) {
      return Uni.createFrom().item(new Begun(toolbox, step, null));
    }
    if (!isCloudAskedFirst()) {
      return attempt.get();
    }
    var first =
        toolbox.state() instanceof PendingProvision
            ? new Step.Record(new Fact.ProvisioningStarted())
            : step;
    return Uni.createFrom().item(new Begun(toolbox, first, null));
  }

  /** After a restore the database may not know that a droplet was asked for already. */
  private boolean isCloudAskedFirst() {
    return incarnation.get().isYounger(config.createDeadline(), clock.instant());
  }

  /** The intent and the token's hash are stored before anything goes out. */
  private Uni<Begun> attempt(Toolbox toolbox) {
    return toolboxes
        .apply(toolbox, new Fact.CreateAttempted(), config.lease())
        .flatMap(
            outcome ->
                switch (outcome) {
                  case Changed<Toolbox, Event> c -> withToken(c.to());
                  case Ignored<Toolbox, Event> u ->
                      Uni.createFrom().item(new Begun(toolbox, new Step.Wait(null), null));
                });
  }

  private Uni<Begun> withToken(Toolbox attempted) {
    var token = Secrets.random("tbj_");
    var now = clock.instant();
    var expiresAt = now.plus(config.joinTokenValidity());
    return joinTokens
        .add(token, attempted.id(), attempted.generation(), now, expiresAt)
        .replaceWith(new Begun(attempted, new Step.CreateDroplet(), token));
  }

  /**
   * Runs steps of one toolbox until it has to wait, or somebody else has moved it on. Between two
   * steps the row stays leased: whoever is woken by the first one's commit must not take the next.
   */
  public Uni<Void> run(Begun begun) {
    return run(begun, MOST_STEPS_AT_ONCE);
  }

  private Uni<Void> run(Begun begun, int left) {
    return perform(begun, left > 1 ? config.lease() : Duration.ZERO)
        .flatMap(
            outcome ->
                switch (outcome) {
                  case Changed<Toolbox, Event> c -> next(c.to(), left - 1);
                  case Ignored<Toolbox, Event> u -> Uni.createFrom().voidItem();
                });
  }

  private Uni<Void> next(Toolbox toolbox, int left) {
    var step = Planner.next(toolbox, clock.instant());
    if (step instanceof Step.Wait || left == 0) {
      return Uni.createFrom().voidItem();
    }
    return begin(toolbox, step, () -> attemptAsStored(toolbox)).flatMap(begun -> run(begun, left));
  }

  private Uni<Begun> attemptAsStored(Toolbox toolbox) {
    return units.inTransaction(() -> store.find(toolbox.id()).flatMap(this::attempt));
  }

  private Uni<Transition<Toolbox, Event>> perform(Begun begun, Duration hold) {
    var toolbox = begun.toolbox();
    return switch (begun.step()) {
      case Step.Record s -> toolboxes.recordResult(toolbox, s.fact(), hold);
      case Step.CreateDroplet s ->
          begun.joinToken() == null ? adoptOrCreate(toolbox, hold) : create(begun, hold);
      case Step.LookUpDroplet s -> lookUp(toolbox, hold);
      case Step.RemoveDroplets s -> remove(toolbox, s.removal(), hold);
      case Step.Wait s -> Uni.createFrom().item(Transition.ignored("nothing is due"));
    };
  }

  private Uni<Transition<Toolbox, Event>> adoptOrCreate(Toolbox toolbox, Duration hold) {
    return listed(
        toolbox,
        u -> new Fact.CreateDeferred(u.retryAfter(), u.detail()),
        found -> {
          var ours = ours(toolbox, found);
          return ours.isEmpty()
              ? attemptAsStored(toolbox).flatMap(begun -> perform(begun, hold))
              : adopt(toolbox, ours, hold);
        },
        hold);
  }

  /** What the cloud lists of a toolbox; or that it could not be asked, as a result of the step. */
  private Uni<Transition<Toolbox, Event>> listed(
      Toolbox toolbox,
      Function<Listed.Unavailable, Fact> deferred,
      Function<List<Droplet>, Uni<Transition<Toolbox, Event>>> next,
      Duration hold) {
    return cloud
        .list(Tags.of(toolbox.id()))
        .flatMap(
            listed ->
                switch (listed) {
                  case Listed.Unavailable u ->
                      toolboxes.recordResult(toolbox, deferred.apply(u), hold);
                  case Listed.Droplets d -> next.apply(d.droplets());
                });
  }

  private Uni<Transition<Toolbox, Event>> create(Begun begun, Duration hold) {
    var attempted = begun.toolbox();
    return cloud
        .create(request(attempted, begun.joinToken()))
        .flatMap(created -> toolboxes.recordResult(attempted, asFact(attempted, created), hold));
  }

  private DropletRequest request(Toolbox toolbox, String token) {
    return new DropletRequest(
        toolbox.dropletName(),
        toolbox.region(),
        toolbox.size(),
        config.dropletImage(),
        Tags.of(config.fleetTag(), toolbox.id(), toolbox.generation()),
        UserData.render(config.userData(), token));
  }

  private static Fact asFact(Toolbox toolbox, Created created) {
    LOG.infof(
        "create answered: toolboxId=%s generation=%d answer=%s",
        toolbox.id(), toolbox.generation(), created);
    return switch (created) {
      case Created.Accepted c -> new Fact.CreateSucceeded(c.dropletId());
      case Created.Refused c ->
          new Fact.CreateRefused(new Trouble(c.code(), c.message(), c.action()));
      case Created.Unsure c -> new Fact.CreateUnsure(c.detail());
      case Created.Deferred c -> new Fact.CreateDeferred(c.retryAfter(), c.detail());
    };
  }

  /** After an unsure create: adopt the droplet that is there, or learn that there is none. */
  private Uni<Transition<Toolbox, Event>> lookUp(Toolbox toolbox, Duration hold) {
    var askedAt = clock.instant();
    return listed(
        toolbox,
        u -> new Fact.LookUpFailed(u.retryAfter(), u.detail()),
        found -> {
          var ours = ours(toolbox, found);
          return ours.isEmpty()
              ? toolboxes.recordResult(toolbox, new Fact.NothingFound(askedAt), hold)
              : adopt(toolbox, ours, hold);
        },
        hold);
  }

  private Uni<Transition<Toolbox, Event>> adopt(Toolbox toolbox, List<Long> ours, Duration hold) {
    var surplus = ours.subList(1, ours.size());
    LOG.infof(
        "droplet adopted: toolboxId=%s dropletId=%d surplus=%s",
        toolbox.id(), ours.getFirst(), surplus);
    return deleteAll(surplus)
        .flatMap(
            ignored ->
                toolboxes.recordResult(toolbox, new Fact.CreateSucceeded(ours.getFirst()), hold));
  }

  private static List<Long> ours(Toolbox toolbox, List<Droplet> found) {
    return found.stream()
        .filter(d -> d.name().equals(toolbox.dropletName()))
        .map(Droplet::id)
        .sorted()
        .toList();
  }

  /**
   * Deletes what is known and what the cloud lists; certain only when nothing is left and nothing
   * could turn up any more when the list was asked for.
   */
  private Uni<Transition<Toolbox, Event>> remove(Toolbox toolbox, Removal removal, Duration hold) {
    var askedAt = clock.instant();
    return listed(
        toolbox,
        u -> new Fact.RemovalDeferred(u.retryAfter(), u.detail()),
        found -> removeAll(toolbox, removal, found, askedAt, hold),
        hold);
  }

  private Uni<Transition<Toolbox, Event>> removeAll(
      Toolbox toolbox, Removal removal, List<Droplet> listed, Instant askedAt, Duration hold) {
    var ids = new HashSet<Long>();
    listed.stream().filter(d -> !toolbox.isMadeLater(d.name())).forEach(d -> ids.add(d.id()));
    if (removal.dropletId() != null) {
      ids.add(removal.dropletId()); // a list lags; the cloud's own 404 does not
    }
    LOG.infof("droplets being deleted: toolboxId=%s dropletIds=%s", toolbox.id(), ids);
    return deleteAll(List.copyOf(ids))
        .flatMap(
            answers -> toolboxes.recordResult(toolbox, removed(removal, answers, askedAt), hold));
  }

  private static Fact removed(Removal removal, List<Deleted> answers, Instant askedAt) {
    var areAbsent = answers.stream().allMatch(Deleted.Absent.class::isInstance);
    if (areAbsent && !askedAt.isBefore(removal.maybeUntil())) {
      return new Fact.DropletsGone();
    }
    var wait =
        answers.stream()
            .map(answer -> answer instanceof Deleted.Deferred d ? d.retryAfter() : LOOK_AGAIN)
            .max(Duration::compareTo)
            .orElse(LOOK_AGAIN);
    return new Fact.RemovalDeferred(
        wait, areAbsent ? "a droplet may still turn up" : "deletion is under way");
  }

  private Uni<List<Deleted>> deleteAll(List<Long> ids) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(cloud::delete)
        .collect()
        .asList();
  }
}
