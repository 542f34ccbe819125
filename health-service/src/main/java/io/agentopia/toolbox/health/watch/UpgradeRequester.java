package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.health.model.Candidates;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.MemberRow;
import io.agentopia.toolbox.health.model.Members;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.rollout.Phase.Failed;
import io.agentopia.toolbox.health.rollout.Phase.LeftOut;
import io.agentopia.toolbox.health.rollout.Phase.Requested;
import io.agentopia.toolbox.health.rollout.Phase.Returning;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Asks toolboxes to move, or to go back. The event takes its sequence from the toolbox's row, which
 * is locked for it as for a verdict, and commits with the member's phase.
 */
@ApplicationScoped
public class UpgradeRequester {
  private static final Logger LOG = Logger.getLogger(UpgradeRequester.class);

  private final Members members;
  private final Candidates candidates;
  private final Outbox outbox;
  private final Ids ids;

  @Inject
  public UpgradeRequester(Members members, Candidates candidates, Outbox outbox, Ids ids) {
    this.members = members;
    this.candidates = candidates;
    this.outbox = outbox;
    this.ids = ids;
  }

  /** Asks so many of those who were not asked yet. */
  Uni<Void> forward(RolloutRow rollout, int most, Instant now) {
    return candidates.lock(rollout, most).flatMap(rows -> forward(rollout, rows, now));
  }

  private Uni<Void> forward(RolloutRow rollout, List<HealthRow> rows, Instant now) {
    if (rows.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var images = rollout.images();
    var events = new ArrayList<Event>();
    var members = new ArrayList<MemberRow>();
    for (var row : rows) {
      members.add(member(rollout, row, now));
      events.add(request(rollout, row, rollout.imageVersion, images));
    }
    return this.members.add(members).flatMap(x -> publish(events));
  }

  private MemberRow member(RolloutRow rollout, HealthRow row, Instant now) {
    var upgrade =
        row.agentUpgrade == null ? null : Stored.read(row.agentUpgrade, AgentUpgrade.class);
    var member = new MemberRow();
    member.id = ids.next();
    member.rolloutId = rollout.id;
    member.toolboxId = row.toolboxId;
    member.accountId = row.accountId;
    member.generation = row.generation;
    member.canary = rollout.state().name().equals("canary");
    member.fromImage = row.agentImage;
    var version = row.heartbeat().agentVersion();
    member.fromVersion = version == null || version.isBlank() ? "unknown" : version;
    member.phase(
        new Requested(
            now,
            upgrade != null
                && upgrade.outcome().equals(UpgradeOutcome.FAILED)
                && rollout.digest.equals(ImageDigest.of(upgrade.image()))));
    return member;
  }

  /**
   * Asks members to go back to where they came from, in their order: who is asked before whom shall
   * not hang on where an object lies.
   *
   * @return those who could be asked now
   */
  Uni<Set<MemberRow>> back(RolloutRow rollout, Set<MemberRow> members) {
    return locked(members)
        .flatMap(
            rows -> {
              var asked =
                  members.stream()
                      .filter(m -> rows.containsKey(m.toolboxId))
                      .collect(Collectors.toCollection(LinkedHashSet::new));
              var events =
                  asked.stream()
                      .filter(m -> isThere(m, rows.get(m.toolboxId)))
                      .map(m -> goBack(rollout, m, rows.get(m.toolboxId)))
                      .toList();
              return publish(events).replaceWith(asked);
            });
  }

  /** The next of those who were ever asked. */
  Uni<Void> everybodyBack(RolloutRow rollout, Instant now) {
    return members
        .toReturn(rollout.id)
        .flatMap(asked -> locked(asked).flatMap(rows -> everybodyBack(rollout, asked, rows, now)));
  }

  /**
   * Who has failed was asked to go back then. A toolbox can be two members, of two droplets: the
   * one that is gone is not on the way back.
   */
  private Uni<Void> everybodyBack(
      RolloutRow rollout, List<MemberRow> asked, Map<UUID, HealthRow> rows, Instant now) {
    var events = new ArrayList<Event>();
    for (var member : asked) {
      var row = rows.get(member.toolboxId);
      if (row == null) {
        continue; // not free now; the next round asks it
      }
      if (!isThere(member, row)) {
        member.phase(new LeftOut(now, "its droplet was replaced, or is being deleted"));
        continue;
      }
      if (!(member.phase() instanceof Failed)) {
        events.add(goBack(rollout, member, row));
      }
      member.phase(new Returning(now));
    }
    return publish(events);
  }

  private Uni<Map<UUID, HealthRow>> locked(Collection<MemberRow> members) {
    return candidates
        .lockFree(members.stream().map(m -> m.toolboxId).toList())
        .map(
            rows -> rows.stream().collect(Collectors.toMap(r -> r.toolboxId, Function.identity())));
  }

  /** Whoever is not is left out by the next look. */
  private static boolean isThere(MemberRow member, HealthRow row) {
    return row.generation == member.generation && !(row.health() instanceof Unwatched);
  }

  private static AgentUpgradeRequested goBack(RolloutRow rollout, MemberRow member, HealthRow row) {
    return request(rollout, row, member.fromVersion, List.of(member.fromImage));
  }

  private static AgentUpgradeRequested request(
      RolloutRow rollout, HealthRow row, String version, List<String> images) {
    row.sequence++;
    LOG.infof(
        "agent upgrade requested: rolloutId=%s toolboxId=%s generation=%d version=%s image=%s",
        rollout.id, row.toolboxId, row.generation, version, images.getFirst());
    return new AgentUpgradeRequested(
        new Subject(row.toolboxId, row.accountId, row.generation, row.sequence),
        rollout.id,
        version,
        images);
  }

  private Uni<Void> publish(List<? extends Event> events) {
    return events.isEmpty() ? Uni.createFrom().voidItem() : outbox.append(null, events);
  }
}
