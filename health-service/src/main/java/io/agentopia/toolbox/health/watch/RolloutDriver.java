package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.Members;
import io.agentopia.toolbox.health.model.Members.Seen;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.health.rollout.Change.Becomes;
import io.agentopia.toolbox.health.rollout.Fact;
import io.agentopia.toolbox.health.rollout.Move;
import io.agentopia.toolbox.health.rollout.Phase;
import io.agentopia.toolbox.health.rollout.Phase.Failed;
import io.agentopia.toolbox.health.rollout.Phase.LeftOut;
import io.agentopia.toolbox.health.rollout.Phase.Returning;
import io.agentopia.toolbox.health.rollout.Rollout.Complete;
import io.agentopia.toolbox.health.rollout.Rollout.RollingBack;
import io.agentopia.toolbox.health.rollout.Tally;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * One look at one rollout, in one transaction that holds its lock: what became of those under way,
 * what that makes of the rollout, and who is asked next.
 */
@ApplicationScoped
public class RolloutDriver {
  private static final Logger LOG = Logger.getLogger(RolloutDriver.class);

  /** The audit's name for what nobody asked for. */
  static final String BY_ITSELF = "health-service";

  private final Rollouts rollouts;
  private final Members members;
  private final UpgradeRequester asking;
  private final LastHeard lastHeard;
  private final HealthConfig config;
  private final UnitOfWork transactions;
  private final Clock clock;

  @Inject
  public RolloutDriver(
      Rollouts rollouts,
      UnitOfWork transactions,
      Members members,
      UpgradeRequester asking,
      LastHeard lastHeard,
      HealthConfig config,
      Clock clock) {
    this.rollouts = rollouts;
    this.members = members;
    this.asking = asking;
    this.lastHeard = lastHeard;
    this.config = config;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Does nothing while another instance is at it. */
  Uni<Void> drive(UUID id, Instant listeningSince) {
    return transactions.inTransaction(
        () ->
            rollouts
                .lockIfFree(id)
                .flatMap(
                    free ->
                        free.map(row -> drive(row, listeningSince))
                            .orElseGet(() -> Uni.createFrom().voidItem())));
  }

  private Uni<Void> drive(RolloutRow rollout, Instant listeningSince) {
    var now = clock.instant();
    return members
        .inMotion(rollout.id)
        .flatMap(this::withLastHeard)
        .flatMap(seen -> note(rollout, changes(rollout, seen, listeningSince, now)))
        .flatMap(x -> members.tally(rollout))
        .flatMap(tally -> judge(rollout, tally, now).flatMap(x -> next(rollout, tally, now)));
  }

  /** Their rows tell what they said last, but not how long ago they were heard to say it. */
  private Uni<List<Seen>> withLastHeard(List<Seen> seen) {
    return seen.isEmpty()
        ? Uni.createFrom().item(seen)
        : lastHeard
            .of(seen.stream().map(one -> one.member().toolboxId).toList())
            .map(
                words ->
                    seen.stream()
                        .map(one -> one.heard(words.get(one.member().toolboxId)::at))
                        .toList());
  }

  private Map<MemberRow, Phase> changes(
      RolloutRow rollout, List<Seen> seen, Instant listeningSince, Instant now) {
    var changes = new LinkedHashMap<MemberRow, Phase>();
    for (var one : seen) {
      var member = one.member();
      var before = member.phase();
      var after = before.after(one.sighting(), move(rollout, member, listeningSince), now);
      if (after != before) {
        changes.put(member, after);
      }
    }
    return changes;
  }

  private Move move(RolloutRow rollout, MemberRow member, Instant listeningSince) {
    var settings = rollout.settings();
    return new Move(
        member.generation,
        ImageDigest.of(member.fromImage),
        rollout.digest,
        settings.bake(),
        settings.deadline(),
        config.rolloutSilence(),
        listeningSince);
  }

  /**
   * Who failed is asked back in the same transaction: it is not left with what harmed it. So is who
   * was left out on the way, should its droplet turn up again.
   */
  private Uni<Void> note(RolloutRow rollout, Map<MemberRow, Phase> changes) {
    var back =
        changes.entrySet().stream()
            .filter(c -> isToGoBack(c.getKey(), c.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return asking
        .back(rollout, back)
        .invoke(
            asked ->
                changes.forEach(
                    (member, phase) -> {
                      // One whose toolbox was not free to be asked stays as it was for a round.
                      if (!back.contains(member) || asked.contains(member)) {
                        note(member, phase);
                      }
                    }))
        .replaceWithVoid();
  }

  private static boolean isToGoBack(MemberRow member, Phase after) {
    return after instanceof Failed
        || after instanceof LeftOut && !(member.phase() instanceof Returning);
  }

  private static void note(MemberRow member, Phase phase) {
    var before = member.phase;
    member.phase(phase);
    LOG.infof(
        "agent rollout member changed: rolloutId=%s toolboxId=%s generation=%d canary=%s from=%s to=%s reason=%s",
        member.rolloutId,
        member.toolboxId,
        member.generation,
        member.canary,
        before,
        member.phase,
        member.reason);
  }

  private Uni<Void> judge(RolloutRow rollout, Tally tally, Instant now) {
    var change = rollout.state().after(new Fact.Counted(tally, rollout.settings()));
    return change instanceof Becomes b
        ? become(rollout, b, b.next().name(), BY_ITSELF, now)
        : Uni.createFrom().voidItem();
  }

  /** Whoever decides: state, audit and log. */
  Uni<Void> become(RolloutRow rollout, Becomes change, String action, String by, Instant now) {
    LOG.infof(
        "agent rollout changed: rolloutId=%s version=%s from=%s to=%s by=%s why=%s",
        rollout.id, rollout.imageVersion, rollout.state, change.next().name(), by, change.why());
    rollout.state(change.next(), change.why(), now);
    return rollouts.audit(rollout.id, action, by, change.why(), now);
  }

  private Uni<Void> next(RolloutRow rollout, Tally tally, Instant now) {
    if (rollout.state() instanceof RollingBack) {
      return asking.everybodyBack(rollout, now);
    }
    var more = rollout.state().mayAsk(tally, rollout.settings());
    if (more <= 0 || !tally.isSomebodyWaiting()) {
      return Uni.createFrom().voidItem();
    }
    return mayAsk(rollout)
        .flatMap(may -> may ? asking.forward(rollout, more, now) : Uni.createFrom().voidItem());
  }

  /**
   * A complete rollout asks those who come later, unless another has taken its place or tries to.
   */
  private Uni<Boolean> mayAsk(RolloutRow rollout) {
    if (!(rollout.state() instanceof Complete)) {
      return Uni.createFrom().item(true);
    }
    return rollouts
        .open()
        .flatMap(
            open ->
                open.isPresent()
                    ? Uni.createFrom().item(false)
                    : rollouts.target().map(t -> t.filter(rollout.id::equals).isPresent()));
  }
}
