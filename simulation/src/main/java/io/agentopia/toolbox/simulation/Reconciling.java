package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.reconcile.Action;
import io.agentopia.toolbox.agent.reconcile.ActionRunner;
import io.agentopia.toolbox.agent.reconcile.BackoffTracker;
import io.agentopia.toolbox.agent.reconcile.Failure;
import io.agentopia.toolbox.agent.reconcile.Observed;
import io.agentopia.toolbox.agent.reconcile.ReconcilePlanner;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.agentopia.toolbox.agent.reconcile.ToolViews;
import io.agentopia.toolbox.agent.reconcile.ToolboxNames;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.WantedTool;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the agent's reconciler and its reports do, around the real planner, action runner, retry
 * book and views; its workers are virtual time.
 */
final class Reconciling {
  private static final long LOOK_EVERY = 60_000;
  private static final long STABLE_AFTER = 10_500;
  private static final String REMOVAL = "removal";

  private final World world;
  private final Agent agent;
  private final ReconcilePlanner planner;
  private final ToolViews views;
  private final ActionRunner runner;
  private final BackoffTracker retries;
  private final Map<String, Action> underWay = new LinkedHashMap<>();
  private Manifest manifest;
  private ToolsSnapshot outlook;
  private Object taken;
  private boolean reporting;
  private long passAt = Long.MAX_VALUE;

  Reconciling(World world, Agent agent) {
    this.world = world;
    this.agent = agent;
    var names = new ToolboxNames(agent.toolboxId());
    planner = new ReconcilePlanner(names, 30_000);
    views = new ToolViews(names);
    runner =
        new ActionRunner(
            agent.docker(),
            names,
            new ActionRunner.Rules(Map.of(), Duration.ofMinutes(5), Duration.ofSeconds(10)),
            new ActionRunner.Notes() {
              @Override
              public void restarted(UUID tool, long restarts) {
                agent.file(agent.file().restarted(tool, restarts));
              }

              @Override
              public void pulled(String image) {}
            });
    retries =
        new BackoffTracker(
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1)), world.chance::fraction);
  }

  void want(Manifest wanted) {
    manifest = wanted;
    wake();
  }

  void wake() {
    passIn(5);
  }

  private void passIn(long millis) {
    var at = world.agenda.now() + millis;
    if (at < passAt) {
      passAt = at;
      agent.in(
          millis,
          () -> {
            if (passAt == at) {
              passAt = Long.MAX_VALUE;
              pass();
            }
          });
    }
  }

  private void pass() {
    if (manifest == null) {
      return;
    }
    if (!agent.docker().isReachable()) {
      passIn(world.chance.between(1_000, 8_000));
      return;
    }
    var busy = Set.copyOf(underWay.keySet());
    var observed = look();
    var plan = planner.plan(manifest, observed);
    for (var action : plan) {
      if (!busy.contains(action.key())) {
        consider(action);
      }
    }
    forgetWhoIsGone(observed);
    noteApplied(plan);
    tell(observed);
    nextLook(observed);
  }

  private Observed look() {
    var images = new HashSet<String>();
    for (var tool : manifest.tools()) {
      if (agent.docker().hasImage(tool.image())) {
        images.add(tool.image());
      }
    }
    return new Observed(
        agent.docker().list(agent.toolboxId()), images, agent.file().progress().restartsDone());
  }

  private void consider(Action action) {
    if (action instanceof Action.Remove && world.mutant == Mutant.NO_CONTAINER_REMOVAL) {
      return;
    }
    if (action instanceof Action.Nothing) {
      retries.succeeded(action.key());
    } else if (retries.mayRun(action.key(), wish(action), world.instant())) {
      underWay.put(action.key(), action);
      var takes =
          action instanceof Action.Pull
              ? world.chance.between(1_000, 40_000)
              : world.chance.between(50, 3_000);
      agent.in(takes, () -> carryOut(action));
    }
  }

  private void carryOut(Action action) {
    world.trace(agent.machine().toolbox, () -> "agent does " + action);
    var failure = runner.run(action);
    underWay.remove(action.key());
    if (failure.isEmpty()) {
      retries.succeeded(action.key());
    } else {
      retries.failed(action.key(), wish(action), failure.get(), world.instant());
    }
    wake();
  }

  private void forgetWhoIsGone(Observed observed) {
    var known = new ArrayList<String>();
    manifest.tools().forEach(t -> known.add(t.toolInstanceId().toString()));
    observed.containers().forEach(c -> known.add(c.key()));
    retries.retain(known);
  }

  private void noteApplied(List<Action> plan) {
    for (var action : plan) {
      var isSettled =
          !underWay.containsKey(action.key())
              && (action instanceof Action.Nothing
                  || retries.failure(action.key(), wish(action)).isPresent());
      if (!isSettled) {
        return;
      }
    }
    var tools = manifest.tools().stream().map(WantedTool::toolInstanceId).toList();
    agent.file(agent.file().appliedManifest(manifest.generation()).keepingRestartsOf(tools));
  }

  private void tell(Observed observed) {
    var now = world.instant();
    var found = views.of(manifest, observed, underWay, this::failure, now);
    outlook =
        new ToolsSnapshot(
            now, true, manifest.generation(), agent.file().progress().appliedManifest(), found);
    report();
  }

  private Optional<Failure> failure(WantedTool tool) {
    return retries.failure(tool.toolInstanceId().toString(), tool.wish());
  }

  private void nextLook(Observed observed) {
    var next = LOOK_EVERY;
    var earliest = retries.earliest(world.instant());
    if (earliest.isPresent()) {
      next = Math.min(next, world.millis(earliest.get()) - world.agenda.now());
    }
    for (var container : observed.containers()) {
      if (container.run().restartCount() > 0) {
        next = Math.min(next, STABLE_AFTER);
      }
    }
    passIn(Math.max(1, next));
  }

  /** One at a time; an answer that is lost makes the agent send it again. */
  private void report() {
    if (reporting || outlook.observable().equals(taken)) {
      return;
    }
    reporting = true;
    var sent = outlook;
    if (!agent.isConnected()) {
      agent.in(world.chance.between(1_000, 10_000), this::reportAgain);
      return;
    }
    world.publishReport(agent, report(sent));
    var isAnswerLost = world.chance.fault(3);
    agent.in(
        world.chance.between(5, 300),
        () -> {
          taken = isAnswerLost ? null : sent.observable();
          reportAgain();
        });
  }

  private void reportAgain() {
    reporting = false;
    report();
  }

  private AgentReport report(ToolsSnapshot told) {
    return new AgentReport(
        new Subject(agent.toolboxId(), agent.accountId(), agent.machine().generation, 0),
        told.appliedGeneration(),
        told.at(),
        told.tools().stream().map(Reconciling::state).toList());
  }

  private static ToolState state(ToolView v) {
    return new ToolState(
        v.toolInstanceId(),
        v.name(),
        v.status().wire(),
        v.image(),
        v.containerId(),
        v.startedAt(),
        v.exitCode(),
        v.restartCount(),
        v.revision(),
        v.restarts(),
        List.of(),
        v.errorCode() == null ? null : v.errorCode().wire(),
        v.message(),
        v.logTail());
  }

  private static String wish(Action action) {
    return switch (action) {
      case Action.Refuse refuse -> "refused|" + refuse.tool().revision();
      case Action.OnTool onTool -> onTool.tool().wish();
      case Action.Remove remove -> REMOVAL;
    };
  }
}
