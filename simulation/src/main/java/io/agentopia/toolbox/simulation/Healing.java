package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.Ailment;
import io.agentopia.toolbox.health.remediation.EventDraft;
import io.agentopia.toolbox.health.remediation.RemediationContext;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.health.remediation.RemediationPolicy;
import io.agentopia.toolbox.health.remediation.RemediationRules;
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
  private static final List<RemediationRules> RULES = List.of(rules(1), rules(2));

  private final World world;
  private final Health health;
  private final RemediationRules rules;
  private final RemediationPolicy remediation;
  private final List<TreeMap<Long, AilingDroplet>> losses = new ArrayList<>();
  private int allowed;
  private long alerts;

  private static RemediationRules rules(int most) {
    return Health.settings(Map.of("health.remediation.most", "" + most)).remediation();
  }

  Healing(World world, Health health, int toolboxes) {
    this.world = world;
    this.health = health;
    rules = RULES.get(world.chance.below(2));
    remediation = new RemediationPolicy(rules);
    for (var i = 0; i < toolboxes; i++) {
      losses.add(new TreeMap<>());
    }
  }

  /** An operator has looked: so many were lost indeed. */
  void allowAll() {
    allowed = losses.size();
  }

  boolean hasGivenUp(int i) {
    return losses.get(i).values().stream().anyMatch(l -> l.state() == AilingDroplet.State.GIVEN_UP);
  }

  boolean hasAlert(int i) {
    return losses.get(i).values().stream().anyMatch(l -> l.alert() != null);
  }

  void learn(Service.Tx tx, int i, ToolboxLifecycle event, boolean isNews, boolean isStillTrue) {
    if (event instanceof DropletLost lost) {
      if ((isNews || isStillTrue) && !losses.get(i).containsKey(lost.generation())) {
        var loss =
            AilingDroplet.of(
                new AilingDroplet.Key(event.toolboxId(), lost.generation()),
                new Ailment.Lost(),
                rules,
                world.instant());
        tx.write(() -> store(i, loss));
      }
    } else if (isNews) {
      var notices = new ArrayList<EventDraft>();
      for (var loss : List.copyOf(losses.get(i).values())) {
        var step = loss.after(event);
        keep(tx, i, loss, step.droplet());
        notices.addAll(step.drafts());
      }
      health.tell(tx, i, event.generation(), notices);
    }
  }

  private void store(int i, AilingDroplet loss) {
    losses.get(i).put(loss.key().generation(), loss);
    world.trace(i, () -> "health stores " + loss);
    if (loss.dueAt() != null) {
      world.agenda.at(world.millis(loss.dueAt()) + world.chance.below(1_000), () -> due(i, loss));
    }
  }

  private void due(int i, AilingDroplet loss) {
    if (losses.get(i).get(loss.key().generation()) != loss) {
      return; // it has changed since, and has another due time, or none
    }
    var process = health.anyInstance();
    if (process == null) {
      world.agenda.in(1_000, () -> due(i, loss));
      return;
    }
    process.run(() -> treat(process, i, loss));
    if (losses.get(i).get(loss.key().generation()) == loss) {
      world.agenda.in(30_000, () -> due(i, loss)); // a crash: when the lease has ended
    }
  }

  private void treat(Process process, int i, AilingDroplet loss) {
    var now = world.instant();
    var remedies =
        losses.get(i).headMap(loss.key().generation()).values().stream()
            .map(AilingDroplet::asked)
            .filter(Objects::nonNull)
            .map(AilingDroplet.Asked::at)
            .toList();
    var beat = health.lastBeat(i, loss.key().generation());
    var decision =
        remediation.decide(new RemediationContext(loss, remedies, beat, fleet(now)), now);
    world.trace(i, () -> "health decides " + decision);
    var step = loss.after(decision, new UUID(i, ++alerts), rules, now);
    health.transact(
        process,
        tx -> {
          keep(tx, i, loss, step.droplet());
          health.tell(tx, i, loss.key().generation(), step.drafts());
        });
  }

  private void keep(Service.Tx tx, int i, AilingDroplet before, AilingDroplet after) {
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
        counted += loss.since().isAfter(begin) || loss.state() == AilingDroplet.State.OPEN ? 1 : 0;
      }
      lost += counted;
      size += counted > 0 || health.isWatched(i) ? 1 : 0;
    }
    return new Fleet(lost, size, allowed);
  }
}
