package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.health.remediation.LostDroplet;
import io.agentopia.toolbox.health.remediation.Notice;
import io.agentopia.toolbox.health.remediation.Remediation;
import io.agentopia.toolbox.health.remediation.Rules;
import io.agentopia.toolbox.health.remediation.Situation;
import io.agentopia.toolbox.health.remediation.Situation.Fleet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/** What the health service does about lost droplets, around its real policy. */
final class Healing {
  /** With most recreations that a world still sees. */
  private static final List<Rules> RULES = List.of(rules(1), rules(2));

  private final World world;
  private final Health health;
  private final Rules rules;
  private final Remediation remediation;
  private final List<TreeMap<Long, LostDroplet>> losses = new ArrayList<>();
  private int allowed;
  private long alerts;

  private static Rules rules(int most) {
    return Health.settings(Map.of("health.remediation.most", "" + most)).remediation();
  }

  Healing(World world, Health health, int toolboxes) {
    this.world = world;
    this.health = health;
    rules = RULES.get(world.chance.below(2));
    remediation = new Remediation(rules);
    for (var i = 0; i < toolboxes; i++) {
      losses.add(new TreeMap<>());
    }
  }

  /** An operator has looked: so many were lost indeed. */
  void allowAll() {
    allowed = losses.size();
  }

  boolean hasGivenUp(int i) {
    return losses.get(i).values().stream().anyMatch(l -> l.state() == LostDroplet.State.GIVEN_UP);
  }

  boolean hasAlert(int i) {
    return losses.get(i).values().stream().anyMatch(l -> l.alert() != null);
  }

  void learn(Service.Tx tx, int i, ToolboxLifecycle event, boolean isNews, boolean isStillTrue) {
    if (event instanceof DropletLost lost) {
      if ((isNews || isStillTrue) && !losses.get(i).containsKey(lost.generation())) {
        var loss = LostDroplet.of(event.toolboxId(), lost.generation(), rules, world.instant());
        tx.write(() -> store(i, loss));
      }
    } else if (isNews) {
      var notices = new ArrayList<Notice>();
      for (var loss : List.copyOf(losses.get(i).values())) {
        var step = loss.after(event);
        keep(tx, i, loss, step.loss());
        notices.addAll(step.notices());
      }
      health.tell(tx, i, event.generation(), notices);
    }
  }

  private void store(int i, LostDroplet loss) {
    losses.get(i).put(loss.generation(), loss);
    world.trace(i, () -> "health stores " + loss);
    if (loss.dueAt() != null) {
      world.agenda.at(world.millis(loss.dueAt()) + world.chance.below(1_000), () -> due(i, loss));
    }
  }

  private void due(int i, LostDroplet loss) {
    if (losses.get(i).get(loss.generation()) != loss) {
      return; // it has changed since, and has another due time, or none
    }
    var process = health.anyInstance();
    if (process == null) {
      world.agenda.in(1_000, () -> due(i, loss));
      return;
    }
    process.run(() -> treat(process, i, loss));
    if (losses.get(i).get(loss.generation()) == loss) {
      world.agenda.in(30_000, () -> due(i, loss)); // a crash: when the lease has ended
    }
  }

  private void treat(Process process, int i, LostDroplet loss) {
    var now = world.instant();
    var remedies =
        losses.get(i).headMap(loss.generation()).values().stream()
            .map(LostDroplet::askedAt)
            .filter(Objects::nonNull)
            .toList();
    var beat = health.lastBeat(i, loss.generation());
    var decision = remediation.decide(new Situation(loss, remedies, beat, fleet(now)), now);
    world.trace(i, () -> "health decides " + decision);
    var step = loss.after(decision, new UUID(i, ++alerts), rules, now);
    health.transact(
        process,
        tx -> {
          keep(tx, i, loss, step.loss());
          health.tell(tx, i, loss.generation(), step.notices());
        });
  }

  private void keep(Service.Tx tx, int i, LostDroplet before, LostDroplet after) {
    if (!after.equals(before)) {
      tx.write(() -> store(i, after));
    }
  }

  private Fleet fleet(Instant now) {
    var begin = now.minus(rules.fleetWindow());
    var lost = 0;
    var size = 0;
    for (var i = 0; i < losses.size(); i++) {
      var counted = 0;
      for (var loss : losses.get(i).values()) {
        counted += loss.since().isAfter(begin) || loss.state() == LostDroplet.State.OPEN ? 1 : 0;
      }
      lost += counted;
      size += counted > 0 || health.isWatched(i) ? 1 : 0;
    }
    return new Fleet(lost, size, allowed);
  }
}
