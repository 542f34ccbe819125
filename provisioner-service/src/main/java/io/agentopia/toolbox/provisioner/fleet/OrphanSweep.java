package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.fleet.Ownership.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be done about droplets that no toolbox owns: quarantine first, delete after the grace
 * period, release what has an owner again. With more of them than can be true the fault is ours (a
 * wrong or restored database), and nothing is touched. Pure: time is passed in.
 */
public final class OrphanSweep {
  private static final int SMALLEST_LIMIT = 3;
  private static final int SHARE = 5; // of the fleet

  /** The tag of a droplet in quarantine. */
  public static final String MARK = "quarantined";

  private final Rules rules;

  public OrphanSweep(Rules rules) {
    this.rules = rules;
  }

  /**
   * @param grace from quarantine to deletion
   * @param youth until a droplet is so old it may belong to a create that is under way
   * @param lag for so long a list can show what a toolbox has let go of
   * @param repeat a deletion, when the droplet is still listed
   * @param limit of orphans at a time; empty: 3, or a fifth of the fleet if that is more
   */
  public record Rules(
      Duration grace, Duration youth, Duration lag, Duration repeat, OptionalInt limit) {}

  /**
   * @param listed the whole fleet
   * @param owners read after the list, or a droplet could be younger than what is known of its
   *     owner
   * @param kept what earlier sweeps found
   * @param knowsToolboxes whether the database holds any toolbox, alive or deleted
   * @param isRestored the database was, and no operator has given a word since
   * @param allowed how many orphans an operator allows at present; 0 if none spoke
   * @param speaking droplets whose agents were heard of late, of those that were asked for
   */
  public record Sight(
      List<Listed> listed,
      Collection<Owner> owners,
      List<Kept> kept,
      boolean knowsToolboxes,
      boolean isRestored,
      int allowed,
      Set<Long> speaking) {

    public Sight hearing(Set<Long> agents) {
      return new Sight(listed, owners, kept, knowsToolboxes, isRestored, allowed, agents);
    }
  }

  /** An orphan that an earlier sweep found. */
  public record Kept(long dropletId, State state, Instant firstSeen, Instant deletedAt) {}

  public enum State {
    QUARANTINED,
    DELETED,
    RELEASED,
    GONE
  }

  public sealed interface Action {
    long dropletId();

    /** Write it down with the time and the reason, then {@link Mark} it. */
    record Quarantine(Listed droplet, String reason) implements Action {
      @Override
      public long dropletId() {
        return droplet.id();
      }
    }

    /** Its tag in the cloud is missing. */
    record Mark(long dropletId) implements Action {}

    record Delete(long dropletId) implements Action {}

    record Release(long dropletId) implements Action {}

    /** It is not listed any more. */
    record Gone(long dropletId) implements Action {}
  }

  /** Why nothing is quarantined or deleted. */
  public record Hold(String reason, int found, int most) {}

  /**
   * @param hold null: nothing is wrong
   * @param spared orphans that nothing is done to, because their agents speak
   */
  public record Plan(List<Action> actions, Hold hold, List<Listed> spared) {

    /** Those that would be given up: whether their agents speak is to be asked first. */
    public List<Listed> givenUp(List<Listed> listed) {
      var ids =
          actions.stream()
              .filter(a -> a instanceof Action.Quarantine || a instanceof Action.Delete)
              .map(Action::dropletId)
              .collect(Collectors.toSet());
      return listed.stream().filter(d -> ids.contains(d.id())).toList();
    }
  }

  /** What closes a quarantine harms nobody and is done even while the breaker holds. */
  public Plan plan(Sight sight, Instant now) {
    var ownership = new Ownership(sight.owners());
    Map<Listed, Verdict> verdicts =
        sight.listed().stream()
            .collect(Collectors.toMap(Function.identity(), ownership::of, (a, b) -> a));
    var kept = new HashMap<Long, Kept>();
    sight.kept().forEach(k -> kept.put(k.dropletId(), k));

    var actions = new ArrayList<>(closing(verdicts, sight.kept()));
    var wanted = new ArrayList<Action>();
    var spared = new ArrayList<Listed>();
    var orphans = 0;
    for (var droplet : sight.listed()) {
      if (verdicts.get(droplet) instanceof Verdict.Orphan orphan
          && isCertain(droplet, orphan, now)) {
        if (sight.speaking().contains(droplet.id())) {
          spared.add(droplet);
          continue;
        }
        var before = kept.get(droplet.id());
        orphans += isDeleted(before) ? 0 : 1;
        act(droplet, orphan, before, now, wanted);
      }
    }
    var hold = hold(sight, verdicts.values(), orphans);
    if (hold == null) {
      actions.addAll(wanted);
    }
    return new Plan(List.copyOf(actions), hold, List.copyOf(spared));
  }

  private void act(Listed d, Verdict.Orphan orphan, Kept before, Instant now, List<Action> wanted) {
    if (before == null || before.state() == State.RELEASED || before.state() == State.GONE) {
      wanted.add(new Action.Quarantine(d, orphan.reason()));
    } else if (isDue(before, now)) {
      wanted.add(new Action.Delete(d.id()));
    } else if (before.state() == State.QUARANTINED && !d.tags().contains(MARK)) {
      wanted.add(new Action.Mark(d.id()));
    }
  }

  private boolean isDue(Kept before, Instant now) {
    var at =
        before.state() == State.DELETED
            ? before.deletedAt().plus(rules.repeat())
            : before.firstSeen().plus(rules.grace());
    return !now.isBefore(at);
  }

  /** Quarantine ends with an owner, or with the droplet. */
  private static List<Action> closing(Map<Listed, Verdict> verdicts, List<Kept> kept) {
    var byId = new HashMap<Long, Verdict>();
    verdicts.forEach((droplet, verdict) -> byId.put(droplet.id(), verdict));
    var actions = new ArrayList<Action>();
    for (var k : kept) {
      if (k.state() != State.QUARANTINED) {
        continue;
      }
      var verdict = byId.get(k.dropletId());
      if (verdict == null) {
        actions.add(new Action.Gone(k.dropletId()));
      } else if (verdict instanceof Verdict.Owned) {
        actions.add(new Action.Release(k.dropletId()));
      }
    }
    return actions;
  }

  /** The last word: an operator's, then doubts about our own database, then the number. */
  private Hold hold(Sight sight, Collection<Verdict> verdicts, int orphans) {
    var fleet = sight.listed().size();
    var most =
        Math.max(sight.allowed(), rules.limit().orElse(Math.max(SMALLEST_LIMIT, fleet / SHARE)));
    if (orphans == 0 || (sight.allowed() > 0 && orphans <= sight.allowed())) {
      return null;
    }
    if (sight.isRestored()) {
      return new Hold("the database was restored, and nobody has looked since", orphans, 0);
    }
    if (!sight.knowsToolboxes()) {
      return new Hold("the database holds no toolbox at all", orphans, 0);
    }
    if (verdicts.stream().anyMatch(Verdict.AheadOfUs.class::isInstance)) {
      return new Hold(
          "the cloud has droplets of generations that the database has not come to", orphans, 0);
    }
    return orphans > most
        ? new Hold(
            orphans + " of " + fleet + " droplets have no owner, more than can be true",
            orphans,
            most)
        : null;
  }

  private boolean isCertain(Listed droplet, Verdict.Orphan orphan, Instant now) {
    return !now.isBefore(droplet.createdAt().plus(rules.youth()))
        && !now.isBefore(orphan.since().plus(rules.lag()));
  }

  private static boolean isDeleted(Kept before) {
    return before != null && before.state() == State.DELETED;
  }
}
