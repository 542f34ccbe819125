package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.BudgetStore;
import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.messaging.ToolboxHealthHandler;
import io.agentopia.toolbox.provisioner.messaging.ToolboxRequestsHandler;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.work.StepRunner;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.provisioner.work.Toolboxes;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.restore.Incarnation;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The provisioner: its own handlers and step runner on a store in memory. */
final class Provisioner extends Service {
  private static final long NEVER = Long.MAX_VALUE;

  private final ProvisionerConfig config;
  private final Lifecycle lifecycle;
  private final Table<Integer, Row> rows = new Table<>(this);
  private final Store store = new Store();
  private final WatchedFleet fleet;
  private RateBudget budget;
  private final Map<Process, Life> lives = new HashMap<>();

  record Row(Toolbox toolbox, long nextAt, Instant updatedAt) {}

  /** Of one instance, until it crashes. */
  record Life(Toolboxes toolboxes, ToolboxStore store, UnitOfWork units, StepRunner steps) {}

  Provisioner(World world) {
    super(world, "provisioner");
    config = Settings.provisioner(world.mutant);
    lifecycle = Mutants.lifecycle(world.mutant, config.deadlines());
    fleet = new WatchedFleet(world, this);
    budget = RateBudget.full(Settings.cloudLimits(), world.instant());
    live(this::begin);
  }

  private List<EventHandler<?>> begin(Process process) {
    var clock = new WorldClock(world);
    var units = new SimulatedUnitOfWork(this, process);
    var outbox = new SimulatedOutbox(this);
    var toolboxes = new Toolboxes(lifecycle, store, units, outbox, clock);
    var calls = new BudgetedCalls(Mutants.budget(world.mutant, budgetOf(process), clock));
    var cloud = Mutants.cloud(world, process, calls);
    var steps =
        new StepRunner(
            toolboxes,
            store,
            units,
            (token, id, generation, now, expiresAt) -> Uni.createFrom().voidItem(),
            cloud,
            config,
            () -> Incarnation.FIRST,
            clock);
    var life = new Life(toolboxes, store, units, steps);
    lives.put(process, life);
    fleet.begin(process, fleet.watch(process, life, cloud));
    return List.of(
        new ToolboxRequestsHandler(toolboxes, store, outbox),
        new ToolboxHealthHandler(toolboxes, store));
  }

  /** As the budget's row has it. */
  double callsLeft() {
    return budget.available();
  }

  /** An instance that dies with calls in hand has used them up. */
  private BudgetStore budgetOf(Process process) {
    return decision ->
        Uni.createFrom()
            .deferred(
                () ->
                    process.alive(
                        () -> {
                          budget = decision.apply(budget);
                          process.mayCrash(0.02);
                          return Uni.createFrom().item(budget);
                        }));
  }

  /** Looks at what became of a remedy, too. */
  @Override
  void handle(Tx tx, Message message) {
    var before = row(message.toolbox);
    super.handle(tx, message);
    if (message.event instanceof RemediationRequested) {
      var after = row(message.toolbox);
      tx.write(() -> world.invariants.remedyTaken(message.toolbox, before, after));
    }
  }

  /** Null while it was never asked for. */
  Toolbox row(int toolbox) {
    var row = rows.get(toolbox);
    return row == null ? null : row.toolbox();
  }

  Collection<Row> rows() {
    return rows.all();
  }

  ProvisionerConfig config() {
    return config;
  }

  /** What goes on by itself; what cannot fail must not. */
  private void start(int i, Uni<?> work) {
    work.subscribe().with(done -> {}, failure -> world.failed(i, failure));
  }

  private void due(int i, long at) {
    if (at != NEVER) {
      world.agenda.at(at + world.chance.below(1_000), () -> claim(i));
    }
  }

  /** A claim moves the due time on: after a crash the row is taken up again that much later. */
  private void claim(int i) {
    var row = rows.get(i);
    if (row.nextAt() > world.agenda.now()) {
      return;
    }
    var process = anyInstance();
    if (process == null) {
      world.agenda.in(1_000, () -> claim(i));
      return;
    }
    var steps = lives.get(process).steps();
    process.run(() -> start(i, steps.claim(1).flatMap(claimed -> run(steps, claimed))));
    if (rows.get(i).nextAt() <= world.agenda.now()) {
      world.agenda.in(1_000, () -> claim(i)); // it died before it had claimed
    }
  }

  private static Uni<Void> run(StepRunner steps, Claimed<StepRunner.Begun> claimed) {
    return claimed.items().isEmpty()
        ? Uni.createFrom().voidItem()
        : steps.run(claimed.items().getFirst());
  }

  /**
   * What the agents' edge asks for a droplet that holds the join token of its generation: token and
   * toolbox change together.
   *
   * @return false: the token is of a droplet that was replaced
   */
  boolean join(Process process, DropletAgent agent, ToolboxState.Agent as) {
    var toolbox = row(agent.machine().toolbox);
    if (toolbox.generation() != agent.machine().generation) {
      return false;
    }
    var toolboxes = lives.get(process).toolboxes();
    transact(
        process,
        tx -> {
          if (Now.of(toolboxes.apply(toolbox, new Fact.AgentJoined(as)))
              instanceof Changed<Toolbox, Event>) {
            tx.write(() -> agent.admitted = true);
          }
        });
    return true;
  }

  private final class Store implements ToolboxStore {

    @Override
    public Uni<Toolbox> find(UUID id) {
      return Uni.createFrom().item(row(World.index(id)));
    }

    @Override
    public Uni<Toolbox> findByName(String accountId, String name) {
      for (var row : rows.all()) {
        var toolbox = row.toolbox();
        if (toolbox.name().equals(name)
            && toolbox.accountId().equals(accountId)
            && toolbox.status() != ToolboxStatus.DEPROVISIONED) {
          return Uni.createFrom().item(toolbox);
        }
      }
      return Uni.createFrom().nullItem();
    }

    @Override
    public Uni<Void> readTogether(Collection<UUID> ids) {
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> insert(Toolbox toolbox, Instant nextAt) {
      return save(toolbox, nextAt);
    }

    @Override
    public Uni<Void> save(Toolbox toolbox, Instant nextAt) {
      var at = nextAt == null ? NEVER : world.millis(nextAt);
      return put(toolbox, at, () -> due(World.index(toolbox.id()), at));
    }

    @Override
    public Uni<Void> save(Toolbox toolbox) {
      return put(toolbox, rows.get(World.index(toolbox.id())).nextAt(), () -> {});
    }

    private Uni<Void> put(Toolbox after, long nextAt, Runnable committed) {
      var i = World.index(after.id());
      var before = row(i);
      rows.put(i, new Row(after, nextAt, world.instant()));
      open()
          .write(
              () -> {
                committed.run();
                world.trace(
                    i, () -> "provisioner stores " + after.state() + " g" + after.generation());
                world.invariants.toolboxStored(i, before, after);
              });
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Instant> nextDue() {
      var next = rows.all().stream().mapToLong(Row::nextAt).min().orElse(NEVER);
      return Uni.createFrom().item(next == NEVER ? null : world.instant(next));
    }

    @Override
    public Uni<Claimed<Toolbox>> claim(int most, Instant now, Instant until) {
      var due =
          rows.all().stream()
              .filter(row -> row.nextAt() <= world.millis(now))
              .sorted(Comparator.comparingLong(Row::nextAt))
              .limit(most)
              .toList();
      due.forEach(row -> lease(row, world.millis(until)));
      return Uni.createFrom().item(new Claimed<>(due.stream().map(Row::toolbox).toList(), null));
    }

    private void lease(Row row, long until) {
      var i = World.index(row.toolbox().id());
      rows.put(i, new Row(row.toolbox(), until, row.updatedAt()));
      open().write(() -> due(i, until));
    }

    @Override
    public Uni<Boolean> hasAny() {
      return Uni.createFrom().item(!rows.all().isEmpty());
    }
  }
}
