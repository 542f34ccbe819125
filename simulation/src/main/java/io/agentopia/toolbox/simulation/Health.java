package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.healing.RemediationController;
import io.agentopia.toolbox.health.healing.RemediationLoop;
import io.agentopia.toolbox.health.messaging.LifecycleHandler;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.watch.EvaluationLoop;
import io.agentopia.toolbox.health.watch.HealthEvaluator;
import io.agentopia.toolbox.health.watch.HeardBatches;
import io.agentopia.toolbox.health.watch.HeartbeatBuffer;
import io.agentopia.toolbox.health.watch.LastHeard;
import io.agentopia.toolbox.health.watch.RolloutDriver;
import io.agentopia.toolbox.health.watch.RolloutOrders;
import io.agentopia.toolbox.health.watch.RolloutRound;
import io.agentopia.toolbox.health.watch.RowWriter;
import io.agentopia.toolbox.health.watch.SilenceHold;
import io.agentopia.toolbox.health.watch.UpgradeRequester;
import io.agentopia.toolbox.health.watch.Watching;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.work.Await;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The health service: its own handler, loops, evaluator and remediation on a store in memory. */
final class Health extends Service {
  private static final long ROUND_EVERY = 5_000;

  final HealthStore rows;
  final Patients patients;
  final RolloutStore rollouts;
  private final Heartbeats heartbeats;
  private final HealthConfig config;
  private final Life[] lives = new Life[2];

  /** Of one instance, until it crashes. */
  private record Life(EvaluationLoop loop, Heartbeats.Reader reader, RolloutOrders orders) {}

  Health(World world, int toolboxes) {
    super(world, "health");
    config = Settings.health(world);
    rows = new HealthStore(world, this);
    patients = new Patients(world, this, rows);
    rollouts = new RolloutStore(world, this, rows);
    heartbeats = new Heartbeats(world, toolboxes);
    live(this::begin);
  }

  private List<EventHandler<?>> begin(Process process) {
    var clock = new WorldClock(world);
    var ids = new WorldIds(world, clock);
    var units = new SimulatedUnitOfWork(this, process);
    var outbox = new SimulatedOutbox(this);
    var waiting = new Waiting();
    var partitions = heartbeats.partitions();
    var lastHeard = new LastHeard(partitions, heartbeats, clock);
    var controller =
        new RemediationController(rows, patients, lastHeard, units, outbox, ids, clock, config);
    var evaluator = new HealthEvaluator(rows, heartbeats, units, controller, outbox, config, clock);
    var writer = new RowWriter(rows, waiting, config, clock);
    var watching =
        new Watching(
            rows,
            writer,
            evaluator,
            partitions,
            lastHeard,
            waiting,
            new SilenceHold(),
            config,
            clock);
    var batches = new HeardBatches(heartbeats, partitions, watching, waiting, config, clock);
    var number = process == instance(0) ? 0 : 1;
    var reader = heartbeats.new Reader(number);
    var loop =
        new EvaluationLoop(
            heartbeats,
            partitions,
            new HeartbeatBuffer(),
            watching,
            batches,
            lastHeard,
            reader,
            waiting,
            config,
            clock,
            round -> process.in(world.chance.between(1, 20), round));
    var kept = Mutants.rollouts(world.mutant, rollouts);
    var requester = new UpgradeRequester(rollouts, rollouts, outbox, ids);
    var driver = new RolloutDriver(kept, units, rollouts, requester, lastHeard, config, clock);
    var orders = new RolloutOrders(kept, units, rollouts, driver, ids, clock);
    var rounds = new RolloutRound(kept, units, driver, reader, waiting, clock);
    lives[number] = new Life(loop, reader, orders);
    reader.assign(loop);
    again(
        process,
        () -> {
          reader.poll(loop, world.instant());
          loop.round();
        });
    var remediation = new RemediationLoop(patients, controller, config, clock);
    again(process, () -> remediate(remediation));
    again(process, () -> drive(rounds));
    return List.of(new LifecycleHandler(rows, controller, clock));
  }

  /** As a schedule would, for this life of the process. */
  private void again(Process process, Runnable loop) {
    process.in(
        ROUND_EVERY + world.chance.below(200),
        () -> {
          again(process, loop);
          loop.run();
        });
  }

  private void drive(RolloutRound rounds) {
    if (!rollouts.rollouts().isEmpty()) {
      rounds.round();
    }
  }

  /** Of the instance's present life. */
  RolloutOrders orders(Process process) {
    return lives[process == instance(0) ? 0 : 1].orders();
  }

  private void remediate(RemediationLoop loop) {
    if (patients.isAnyDue(world.instant())) {
      loop.look().subscribe().with(done -> {}, failure -> world.failed(-1, failure));
    }
  }

  /** What is in memory answers at once; a broken invariant is told, whoever would catch it. */
  private final class Waiting implements Await {
    @Override
    public <T> T await(Supplier<Uni<T>> work) {
      try {
        return Now.of(work.get());
      } catch (Violation broken) {
        world.failed(broken.toolbox(), broken);
        throw broken;
      }
    }
  }

  /** A heartbeat, as the partition's reader hears it; at its next start if it is away. */
  void hear(int toolbox, AgentHeartbeat heartbeat) {
    heartbeats.append(toolbox, heartbeat);
    var number = heartbeats.instanceOf(toolbox);
    var process = instance(number);
    if (process.isUp()) {
      var life = lives[number];
      process.run(() -> life.reader().poll(life.loop(), world.instant()));
    }
  }

  /** How many its instance calls silent, and has called so since then only. */
  int calledSilent(int toolbox, Instant since) {
    var called = 0;
    for (var row : rows.all()) {
      var isHeardThere =
          heartbeats.instanceOf(World.index(row.toolboxId)) == heartbeats.instanceOf(toolbox);
      if (isHeardThere
          && row.health() instanceof Degraded d
          && d.reason().equals(HealthReason.HEARTBEAT_MISSING)
          && !d.since().isBefore(since)) {
        called++;
      }
    }
    return called;
  }
}
