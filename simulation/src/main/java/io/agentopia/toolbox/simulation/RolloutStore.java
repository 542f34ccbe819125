package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.health.model.Candidates;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.Members;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.rollout.AgentObservation;
import io.agentopia.toolbox.health.rollout.Canaries;
import io.agentopia.toolbox.health.rollout.Phase;
import io.agentopia.toolbox.health.rollout.Phase.Failed;
import io.agentopia.toolbox.health.rollout.Phase.LeftOut;
import io.agentopia.toolbox.health.rollout.Phase.Moved;
import io.agentopia.toolbox.health.rollout.Phase.Proved;
import io.agentopia.toolbox.health.rollout.Phase.Requested;
import io.agentopia.toolbox.health.rollout.Phase.Returning;
import io.agentopia.toolbox.health.rollout.Rollout.Canary;
import io.agentopia.toolbox.health.rollout.Rollout.Complete;
import io.agentopia.toolbox.health.rollout.Rollout.RolledBack;
import io.agentopia.toolbox.health.rollout.Rollout.RollingBack;
import io.agentopia.toolbox.health.rollout.Tally;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Rollouts, whom they asked and whom they can ask, in memory. */
final class RolloutStore implements Rollouts, Members, Candidates {
  private final World world;
  private final HealthStore toolboxes;
  private final Entities<UUID, RolloutRow> rollouts;
  private final Entities<UUID, MemberRow> members;

  RolloutStore(World world, Service service, HealthStore toolboxes) {
    this.world = world;
    this.toolboxes = toolboxes;
    rollouts = new Entities<>(service, RolloutRow.class, row -> row.id, this::stored);
    members = new Entities<>(service, MemberRow.class, row -> row.id, this::stored);
  }

  private void stored(RolloutRow before, RolloutRow after) {
    world.trace(-1, () -> "rollout of " + after.imageVersion + " is " + after.state);
    var others = rollouts.rows().stream().filter(r -> !r.id.equals(after.id));
    world.invariants.rolloutStored(after, others.filter(RolloutStore::isOpen).count());
  }

  private void stored(MemberRow before, MemberRow after) {
    world.trace(
        World.index(after.toolboxId),
        () -> "rollout member g" + after.generation + " is " + after.phase());
  }

  static boolean isOpen(RolloutRow row) {
    return !(row.state() instanceof Complete) && !(row.state() instanceof RolledBack);
  }

  /** As they are committed. */
  Collection<RolloutRow> rollouts() {
    return rollouts.rows();
  }

  /** Whether somebody is on his way, or shall go back. */
  boolean isUnderWay() {
    return rollouts.rows().stream().anyMatch(r -> r.state() instanceof RollingBack)
        || members.rows().stream().anyMatch(RolloutStore::isInMotion);
  }

  /** Whether it was taken back, and no other has made it the fleet's. */
  boolean isTakenBack(String image) {
    var of = rollouts.rows().stream().filter(r -> r.images().contains(image)).toList();
    return !of.isEmpty() && of.stream().allMatch(r -> r.state() instanceof RolledBack);
  }

  private static boolean isInMotion(MemberRow member) {
    var phase = member.phase();
    return phase instanceof Requested || phase instanceof Moved || phase instanceof Returning;
  }

  private Stream<MemberRow> of(UUID rolloutId) {
    return members.all().filter(m -> m.rolloutId.equals(rolloutId));
  }

  private Optional<RolloutRow> latestComplete() {
    return rollouts
        .all()
        .filter(r -> r.state() instanceof Complete)
        .max(Comparator.comparing(r -> r.startedAt));
  }

  @Override
  public Uni<List<UUID>> toLookAt() {
    var target = latestComplete().map(r -> r.id);
    return now(
        rollouts
            .all()
            .filter(
                r ->
                    isOpen(r)
                        || target.filter(r.id::equals).isPresent()
                        || of(r.id).anyMatch(RolloutStore::isInMotion))
            .map(r -> r.id)
            .toList());
  }

  @Override
  public Uni<Optional<RolloutRow>> lockIfFree(UUID id) {
    return lock(id);
  }

  @Override
  public Uni<Optional<RolloutRow>> lock(UUID id) {
    return now(Optional.ofNullable(rollouts.get(id)));
  }

  @Override
  public Uni<Optional<RolloutRow>> open() {
    return now(rollouts.all().filter(RolloutStore::isOpen).findFirst());
  }

  @Override
  public Uni<Optional<UUID>> target() {
    return now(latestComplete().map(r -> r.id));
  }

  @Override
  public Uni<Void> add(RolloutRow row) {
    rollouts.add(row);
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Void> audit(UUID rolloutId, String action, String by, String reason, Instant at) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Void> add(Collection<MemberRow> rows) {
    rows.forEach(members::add);
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<Seen>> inMotion(UUID rolloutId) {
    return now(
        of(rolloutId).filter(RolloutStore::isInMotion).map(m -> m.id).toList().stream()
            .map(members::get)
            .map(this::seen)
            .toList());
  }

  private Seen seen(MemberRow member) {
    var row = toolboxes.row(World.index(member.toolboxId));
    return new Seen(
        member,
        new AgentObservation(
            row.generation,
            row.health(),
            row.dropletLostAt != null,
            row.lastHeartbeatAt,
            row.agentDigest,
            row.agentUpgrade == null ? null : Stored.read(row.agentUpgrade, AgentUpgrade.class)));
  }

  @Override
  public Uni<Tally> tally(RolloutRow rollout) {
    return now(
        new Tally(
            count(rollout, true),
            count(rollout, false),
            candidates(rollout).findAny().isPresent(),
            rollout.state() instanceof Canary && ofAnotherAccount(rollout).findAny().isPresent()));
  }

  private Tally.Count count(RolloutRow rollout, boolean canary) {
    var phases = of(rollout.id).filter(m -> m.canary == canary).map(MemberRow::phase).toList();
    return new Tally.Count(
        number(phases, Requested.class),
        number(phases, Moved.class),
        number(phases, Proved.class),
        number(phases, Failed.class),
        number(phases, Returning.class));
  }

  private static int number(List<Phase> phases, Class<? extends Phase> of) {
    return (int) phases.stream().filter(of::isInstance).count();
  }

  @Override
  public Uni<List<MemberRow>> toReturn(UUID rolloutId) {
    return now(
        of(rolloutId)
            .filter(
                m ->
                    m.phase() instanceof Requested
                        || m.phase() instanceof Moved
                        || m.phase() instanceof Proved
                        || m.phase() instanceof Failed)
            .map(m -> m.id)
            .toList()
            .stream()
            .map(members::get)
            .toList());
  }

  @Override
  public Uni<Integer> fleet() {
    var fleet = toolboxes.all().stream().filter(r -> r.health() instanceof Healthy);
    return now((int) fleet.filter(r -> r.agentDigest != null).count());
  }

  @Override
  public Uni<Long> count(RolloutRow rollout) {
    return now(candidates(rollout).count());
  }

  private Stream<HealthRow> candidates(RolloutRow rollout) {
    return toolboxes.all().stream()
        .filter(r -> r.health() instanceof Healthy && r.dropletLostAt == null)
        .filter(r -> r.agentDigest != null && !r.agentDigest.equals(rollout.digest))
        .filter(r -> members.all().noneMatch(m -> keeps(m, r, rollout)));
  }

  private static boolean keeps(MemberRow member, HealthRow row, RolloutRow rollout) {
    var wasAsked = member.rolloutId.equals(rollout.id) && member.generation >= row.generation;
    return member.toolboxId.equals(row.toolboxId) && (wasAsked || isInMotion(member));
  }

  private Stream<HealthRow> ofAnotherAccount(RolloutRow rollout) {
    return candidates(rollout)
        .filter(
            r ->
                of(rollout.id)
                    .noneMatch(
                        m ->
                            m.canary
                                && !(m.phase() instanceof LeftOut)
                                && m.accountId.equals(r.accountId)));
  }

  @Override
  public Uni<List<HealthRow>> lock(RolloutRow rollout, int most) {
    if (rollout.state() instanceof Canary) {
      var all =
          ofAnotherAccount(rollout)
              .map(r -> new Canaries.Candidate(r.toolboxId, r.accountId))
              .toList();
      return lockFree(Canaries.draw(all, most, Set.of(), world.chance.generator()));
    }
    return lockFree(candidates(rollout).limit(most).map(r -> r.toolboxId).toList());
  }

  @Override
  public Uni<List<HealthRow>> lockFree(Collection<UUID> toolboxIds) {
    return now(toolboxIds.stream().map(toolboxes::locked).filter(Objects::nonNull).toList());
  }

  private static <T> Uni<T> now(T item) {
    return Uni.createFrom().item(item);
  }
}
