package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.DecisionContext;
import io.agentopia.toolbox.deployer.tool.EventDraft;
import io.agentopia.toolbox.deployer.tool.Outcome;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolLifecycle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Collects what one incoming event does to the tools of one toolbox. However many tools change, the
 * manifest's generation rises once, and every event carries the generation that holds afterwards.
 */
final class DecisionBuilder {
  private final Toolbox toolbox;
  private final DecisionContext context;
  private final Map<UUID, ToolInstance> tools = new LinkedHashMap<>();
  private final List<ToolInstance> changed = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private final List<String> unchanged = new ArrayList<>();
  private boolean manifestChanged;

  private record Told(ToolInstance tool, EventDraft draft) {}

  /**
   * @param toolbox as the event leaves it
   * @param tools all that it has
   */
  DecisionBuilder(Toolbox toolbox, List<ToolInstance> tools, Instant now, DeployPolicy policy) {
    this.toolbox = toolbox;
    this.context =
        new DecisionContext(
            now,
            toolbox.droplet().healthy() && !toolbox.isClosing(),
            toolbox.manifestGeneration() + 1,
            policy.deadlines());
    tools.forEach(this::put);
  }

  void tell(ToolInstance tool, List<ToolFact> facts) {
    var current = tool;
    for (var fact : facts) {
      current = take(current, current.apply(fact, context));
    }
    if (current != tool) {
      change(current);
    }
  }

  /** A wish also counts when it changes nothing else: an earlier one must not come after it. */
  void ask(ToolInstance tool, ToolFact fact, long sequence) {
    var next = take(tool, tool.apply(fact, context)).asked(sequence);
    if (!next.equals(tool)) {
      change(next);
    }
  }

  /** For an instance that is not there yet. */
  void add(Function<DecisionContext, Outcome.Changed> first, long sequence) {
    change(take(first.apply(context)).asked(sequence));
  }

  private void change(ToolInstance next) {
    changed.add(next);
    put(next);
  }

  private void put(ToolInstance tool) {
    tools.put(tool.wanted().toolInstanceId(), tool);
  }

  private ToolInstance take(ToolInstance current, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unchanged it -> {
        unchanged.add(current.wanted().toolInstanceId() + ": " + it.reason());
        yield current;
      }
      case Outcome.Changed it -> take(it);
    };
  }

  private ToolInstance take(Outcome.Changed change) {
    change.draft().ifPresent(draft -> told.add(new Told(change.next(), draft)));
    manifestChanged |= change.manifestChanged();
    return change.next();
  }

  Decision decision() {
    var manifest = manifestChanged ? context.nextManifest() : toolbox.manifestGeneration();
    var sequence = toolbox.sequence();
    var events = new ArrayList<ToolLifecycle>();
    for (var it : told) {
      events.add(it.draft().event(toolbox.subject(++sequence), it.tool(), manifest));
    }
    var after = toolbox.published(sequence, manifest);
    return new Decision.Decided(
        after,
        List.copyOf(changed),
        List.copyOf(events),
        manifestChanged
            ? Optional.of(Manifest.of(after, List.copyOf(tools.values())))
            : Optional.empty(),
        List.copyOf(unchanged));
  }
}
