package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.deployer.manifest.Manifest;
import io.agentopia.toolbox.deployer.tool.Situation;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Rulebook;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.Verdict;
import io.agentopia.toolbox.deployer.toolbox.Workshop;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The deployer around its real workshop, tool lifecycle and manifest. */
final class Deployer extends Service {
  private static final Rulebook RULES =
      new Rulebook(
          new Situation.Deadlines(
              Duration.ofMinutes(10),
              Duration.ofMinutes(4),
              Duration.ofMinutes(3),
              Duration.ofMinutes(2),
              Duration.ofMinutes(3)),
          Duration.ofMinutes(15));

  private final Toolbox[] rows;
  private final List<Map<UUID, ToolInstance>> tools = new ArrayList<>();
  private final boolean[] timerSet;

  Deployer(World world, int toolboxes) {
    super(world, "deployer");
    rows = new Toolbox[toolboxes];
    timerSet = new boolean[toolboxes];
    for (var i = 0; i < toolboxes; i++) {
      tools.add(new LinkedHashMap<>());
    }
    world.bus.subscribe(this, Topics.TOOL_REQUESTS);
    world.bus.subscribe(this, Topics.TOOLBOX_LIFECYCLE);
    world.bus.subscribe(this, Topics.TOOLBOX_HEALTH);
    world.bus.subscribe(this, Topics.AGENT_REPORTS);
  }

  /** Null while it was never heard of. */
  Toolbox row(int toolbox) {
    return rows[toolbox];
  }

  Collection<ToolInstance> tools(int toolbox) {
    return tools.get(toolbox).values();
  }

  Manifest manifest(int i, UUID id) {
    return rows[i] == null ? Manifest.empty(id) : Manifest.of(workshop(i, rows[i], null));
  }

  @Override
  boolean isOfUse(Message message) {
    return Toolbox.isOfUse(message.event.getClass());
  }

  @Override
  void handle(Tx tx, Message message) {
    var i = message.toolbox;
    var row = rows[i];
    if (row == null) {
      row = heardOf(message.event);
    }
    var tool = message.event instanceof ToolRequest r ? r.toolInstanceId() : null;
    var workshop = workshop(i, row, tool);
    carryOut(tx, i, workshop.decide(message.event, world.instant(), RULES));
  }

  private Toolbox heardOf(Event event) {
    if (event instanceof ToolboxLifecycle || event instanceof ToolboxHealth) {
      return Toolbox.heardOf(event.toolboxId(), event.accountId(), true, world.instant());
    }
    if (event instanceof ToolDeployRequested || event instanceof AgentEvent) {
      return Toolbox.heardOf(event.toolboxId(), event.accountId(), false, world.instant());
    }
    throw new Refusal(false, "toolbox_unknown");
  }

  private Workshop workshop(int i, Toolbox row, UUID alsoTool) {
    var open = new ArrayList<ToolInstance>(4);
    for (var tool : tools.get(i).values()) {
      if (tool.status() != ToolStatus.REMOVED || tool.wish().toolInstanceId().equals(alsoTool)) {
        open.add(tool);
      }
    }
    return new Workshop(row, open);
  }

  private void carryOut(Tx tx, int i, Verdict verdict) {
    switch (verdict) {
      case Verdict.Decided decided -> save(tx, i, decided);
      case Verdict.Ignored it -> {}
      case Verdict.Refused it -> throw new Refusal(it.forGood(), it.code());
    }
  }

  private void save(Tx tx, int i, Verdict.Decided decided) {
    var before = rows[i];
    tx.write(
        () -> {
          rows[i] = decided.toolbox();
          for (var tool : decided.tools()) {
            tools.get(i).put(tool.wish().toolInstanceId(), tool);
            world.trace(i, () -> "deployer stores " + tool);
          }
          world.invariants.workshopStored(i, before, decided.toolbox());
          setTimer(i);
          if (before != null
              && decided.toolbox().manifestGeneration() > before.manifestGeneration()) {
            world.wakeAgent(i);
          }
        });
    decided.events().forEach(e -> tx.append(i, e));
  }

  private void setTimer(int i) {
    if (timerSet[i]) {
      return;
    }
    var first = Long.MAX_VALUE;
    for (var tool : tools.get(i).values()) {
      if (tool.deadline().isPresent()) {
        first = Math.min(first, world.millis(tool.deadline().get()));
      }
    }
    if (first != Long.MAX_VALUE) {
      timerSet[i] = true;
      world.agenda.at(first + world.chance.below(1_000), () -> sweep(i));
    }
  }

  private void sweep(int i) {
    timerSet[i] = false;
    var process = anyInstance();
    if (process != null && world.mutant != Mutant.DROP_DEADLINES) {
      process.run(
          () ->
              transact(
                  process,
                  tx -> {
                    var workshop = workshop(i, rows[i], null);
                    var now = world.instant();
                    var isLate =
                        workshop.tools().stream()
                            .anyMatch(t -> t.deadline().filter(d -> !d.isAfter(now)).isPresent());
                    if (isLate) {
                      carryOut(tx, i, workshop.deadlinesPassed(now, RULES));
                    }
                  }));
    }
    if (process == null) {
      timerSet[i] = true;
      world.agenda.in(1_000, () -> sweep(i));
    } else if (world.mutant != Mutant.DROP_DEADLINES) {
      setTimer(i);
    }
  }
}
