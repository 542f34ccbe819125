package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.Outcome;
import io.agentopia.toolbox.deployer.tool.Situation;
import io.agentopia.toolbox.deployer.tool.Situation.Deadlines;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolLifecycle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Collects what one incoming event does to the tools of one toolbox. However many tools change, the
 * manifest's generation rises once, and every event carries the generation that holds afterwards.
 */
final class Session {
  private final Toolbox toolbox;
  private final Situation situation;
  private final List<ToolInstance> changed = new ArrayList<>();
  private final List<Announcement> announcements = new ArrayList<>();
  private final List<String> unchanged = new ArrayList<>();
  private boolean manifestChanged;

  Session(Toolbox toolbox, Instant now, Deadlines deadlines) {
    this.toolbox = toolbox;
    this.situation =
        new Situation(
            now,
            toolbox.droplet().healthy() && !toolbox.isClosing(),
            toolbox.manifestGeneration() + 1,
            deadlines);
  }

  void tell(ToolInstance tool, List<ToolFact> facts) {
    var current = tool;
    for (var fact : facts) {
      current = take(current, current.apply(fact, situation));
    }
    if (current != tool) {
      changed.add(current);
    }
  }

  /** A wish also counts when it changes nothing else: an earlier one must not come after it. */
  void ask(ToolInstance tool, ToolFact fact, long sequence) {
    var next = take(tool, tool.apply(fact, situation)).asked(sequence);
    if (!next.equals(tool)) {
      changed.add(next);
    }
  }

  /** For an instance that is not there yet. */
  void add(Function<Situation, Outcome.Changed> first, long sequence) {
    changed.add(take(first.apply(situation)).asked(sequence));
  }

  private ToolInstance take(ToolInstance current, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unchanged it -> {
        unchanged.add(current.wish().toolInstanceId() + ": " + it.reason());
        yield current;
      }
      case Outcome.Changed it -> take(it);
    };
  }

  private ToolInstance take(Outcome.Changed change) {
    change.notice().ifPresent(n -> announcements.add(new Announcement(change.next(), n)));
    manifestChanged |= change.manifestChanged();
    return change.next();
  }

  Verdict verdict() {
    var manifest = manifestChanged ? situation.nextManifest() : toolbox.manifestGeneration();
    var sequence = toolbox.sequence();
    var events = new ArrayList<ToolLifecycle>();
    for (var announcement : announcements) {
      events.add(announcement.event(toolbox, ++sequence, manifest));
    }
    return new Verdict.Decided(
        toolbox.published(sequence, manifest),
        List.copyOf(changed),
        List.copyOf(events),
        List.copyOf(unchanged));
  }
}
