package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.deployer.messaging.DeployHandler;
import io.agentopia.toolbox.deployer.messaging.Deployments;
import io.agentopia.toolbox.deployer.messaging.Sweep;
import io.agentopia.toolbox.deployer.messaging.ToolboxStore;
import io.agentopia.toolbox.deployer.tool.DecisionContext;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.DeployPolicy;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.deployer.toolbox.ToolboxTools;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The deployer: its own handlers and sweep on a store in memory. */
final class Deployer extends Service {
  private static final DeployPolicy POLICY =
      new DeployPolicy(
          new DecisionContext.Deadlines(
              Duration.ofMinutes(10),
              Duration.ofMinutes(4),
              Duration.ofMinutes(3),
              Duration.ofMinutes(2),
              Duration.ofMinutes(3)),
          Duration.ofMinutes(15));

  private final Table<Integer, Row> rows = new Table<>(this);
  private final ToolboxStore store;
  private final Map<Process, Sweep> sweeps = new HashMap<>();
  private final boolean[] timerSet = new boolean[World.TOOLBOXES];

  /**
   * @param tools all there ever were, oldest first
   * @param told generation of the manifest that was published last
   */
  private record Row(Toolbox toolbox, Map<UUID, ToolInstance> tools, long told) {
    ToolboxTools open(UUID alsoTool) {
      return new ToolboxTools(
          toolbox,
          tools.values().stream()
              .filter(
                  tool ->
                      tool.status() != ToolStatus.REMOVED
                          || tool.wanted().toolInstanceId().equals(alsoTool))
              .toList());
    }

    Row after(Decision.Decided decided) {
      var all = new LinkedHashMap<>(tools);
      decided.tools().forEach(tool -> all.put(tool.wanted().toolInstanceId(), tool));
      return new Row(
          decided.toolbox(),
          Collections.unmodifiableMap(all),
          decided.manifest().map(m -> m.manifestGeneration()).orElse(told));
    }

    Optional<Instant> deadline() {
      return tools.values().stream()
          .flatMap(tool -> tool.deadline().stream())
          .min(Instant::compareTo);
    }
  }

  Deployer(World world) {
    super(world, "deployer");
    store = world.mutant == Mutant.DROP_DEADLINES ? new WithoutDeadlines() : new Store();
    live(this::begin);
  }

  private List<EventHandler<?>> begin(Process process) {
    var clock = new WorldClock(world);
    var deployments = new Deployments(store, new SimulatedOutbox(this), POLICY, clock);
    sweeps.put(
        process,
        new Sweep(store, deployments, new SimulatedUnitOfWork(this, process), POLICY, clock));
    return List.of(
        new DeployHandler<>(ToolRequest.class, deployments),
        new DeployHandler<>(ToolboxLifecycle.class, deployments),
        new DeployHandler<>(ToolboxHealth.class, deployments),
        new DeployHandler<>(AgentReport.class, deployments));
  }

  Collection<ToolInstance> tools(int toolbox) {
    var row = rows.get(toolbox);
    return row == null ? List.of() : row.tools().values();
  }

  private void setTimer(int i) {
    var first = rows.get(i).deadline();
    if (first.isPresent() && !timerSet[i]) {
      timerSet[i] = true;
      world.agenda.at(
          Math.max(world.agenda.now(), world.millis(first.get())) + world.chance.below(1_000),
          () -> sweep(i));
    }
  }

  private void sweep(int i) {
    var process = anyInstance();
    if (process == null) {
      world.agenda.in(1_000, () -> sweep(i));
      return;
    }
    timerSet[i] = false;
    process.run(
        () ->
            sweeps
                .get(process)
                .sweep()
                .subscribe()
                .with(done -> {}, failure -> world.failed(i, failure)));
    if (world.mutant != Mutant.DROP_DEADLINES) {
      setTimer(i);
    }
  }

  private class Store implements ToolboxStore {

    @Override
    public Uni<Void> hearOf(Toolbox toolbox) {
      rows.put(World.index(toolbox.id()), new Row(toolbox, Map.of(), 0));
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> lock(List<UUID> toolboxIds) {
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Optional<ToolboxTools>> open(UUID toolboxId, UUID alsoTool) {
      var row = rows.get(World.index(toolboxId));
      return Uni.createFrom().item(Optional.ofNullable(row).map(r -> r.open(alsoTool)));
    }

    @Override
    public Uni<Optional<ToolboxTools>> openIfFree(UUID toolboxId) {
      return open(toolboxId, null);
    }

    @Override
    public Uni<List<UUID>> due(Instant now, int most) {
      return among(row -> row.deadline().filter(d -> !d.isAfter(now)).isPresent());
    }

    @Override
    public Uni<List<UUID>> untold(int most) {
      return among(row -> row.told() < row.toolbox().manifestGeneration());
    }

    @Override
    public Uni<List<UUID>> below(long floor, int most) {
      return among(row -> row.toolbox().sequence() < floor);
    }

    private Uni<List<UUID>> among(Predicate<Row> which) {
      return Uni.createFrom()
          .item(
              IntStream.range(0, World.TOOLBOXES)
                  .filter(i -> rows.get(i) != null && which.test(rows.get(i)))
                  .mapToObj(World::id)
                  .toList());
    }

    @Override
    public Uni<Optional<UUID>> toolboxOf(UUID toolInstanceId) {
      return Uni.createFrom()
          .item(
              IntStream.range(0, World.TOOLBOXES)
                  .filter(
                      i -> rows.get(i) != null && rows.get(i).tools().containsKey(toolInstanceId))
                  .mapToObj(World::id)
                  .findFirst());
    }

    @Override
    public Uni<Void> save(Decision.Decided decided, Instant now) {
      var i = World.index(decided.toolbox().id());
      var before = rows.get(i);
      rows.put(i, before.after(decided));
      Deployer.this
          .open()
          .write(
              () -> {
                decided.tools().forEach(t -> world.trace(i, () -> "deployer stores " + t));
                world.invariants.toolsStored(i, before.toolbox(), decided.toolbox());
                setTimer(i);
              });
      return Uni.createFrom().voidItem();
    }
  }

  private final class WithoutDeadlines extends Store {
    @Override
    public Uni<List<UUID>> due(Instant now, int most) {
      return Uni.createFrom().item(List.of());
    }
  }
}
