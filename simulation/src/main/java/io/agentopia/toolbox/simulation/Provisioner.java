package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.toolbox.Deadlines;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.GivenUp;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import java.time.Duration;
import java.util.Arrays;

/**
 * The provisioner around its real lifecycle and planner: what its message handlers, its store and
 * its worker do, without the frameworks. Rows are read and written in transactions only.
 */
final class Provisioner extends Service {
  static final Deadlines DEADLINES =
      new Deadlines(
          Duration.ofMinutes(4),
          Duration.ofMinutes(2),
          Duration.ofMinutes(4),
          Duration.ofMinutes(5),
          Duration.ofMillis(Cloud.LONGEST_CALL + Cloud.LONGEST_LAG + 1_000));

  private static final long LEASE = 12_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final Lifecycle lifecycle;
  private final Toolbox[] rows;
  private final long[] healthSequence;
  private final long[] nextAt;
  private final Steps steps;

  Provisioner(World world, int toolboxes) {
    super(world, "provisioner");
    lifecycle = new Lifecycle(deadlines(world.mutant));
    rows = new Toolbox[toolboxes];
    healthSequence = new long[toolboxes];
    nextAt = new long[toolboxes];
    Arrays.fill(nextAt, NEVER);
    steps = new Steps(world, this);
    world.bus.subscribe(this, Topics.TOOLBOX_REQUESTS);
    world.bus.subscribe(this, Topics.TOOLBOX_HEALTH);
  }

  private static Deadlines deadlines(Mutant mutant) {
    return mutant == Mutant.NO_LISTING_LAG
        ? new Deadlines(
            DEADLINES.create(),
            DEADLINES.boot(),
            DEADLINES.join(),
            DEADLINES.remove(),
            Duration.ZERO)
        : DEADLINES;
  }

  /** Null while it was never asked for. */
  Toolbox row(int toolbox) {
    return rows[toolbox];
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  @Override
  void handle(Tx tx, Message message) {
    switch (message.event) {
      case ToolboxRequested r -> requested(tx, message.toolbox, r);
      case ToolboxDeletionRequested r ->
          existing(tx, message.toolbox, r, new Fact.DeletionRequested(r.force(), r.reason()));
      case ToolboxRecreationRequested r ->
          existing(tx, message.toolbox, r, new Fact.RecreationRequested(r.reason()));
      case DtmaHealthy e -> verdict(tx, message.toolbox, e, new Fact.AgentHealthy());
      case HealthRecovered e -> verdict(tx, message.toolbox, e, new Fact.AgentHealthy());
      case HealthDegraded e -> verdict(tx, message.toolbox, e, new Fact.AgentDegraded(e.reason()));
      case RemediationRequested e -> remedy(tx, message.toolbox, e);
      case AlertRaised e -> {}
      case AlertResolved e -> {}
      default -> throw new Refusal(true, "wrong_topic");
    }
  }

  private void remedy(Tx tx, int i, RemediationRequested wish) {
    var before = rows[i];
    if (world.mutant == Mutant.NO_REMEDY_FENCE) {
      apply(tx, i, new Fact.RecreationRequested(wish.reason()));
    } else {
      verdict(tx, i, wish, new Fact.RemedyRequested());
    }
    tx.write(() -> world.invariants.remedyTaken(i, before, rows[i]));
  }

  private void requested(Tx tx, int i, ToolboxRequested request) {
    var row = rows[i];
    if (row == null) {
      save(tx, i, null, (Outcome.Changed) lifecycle.accept(request, null, world.instant()));
    } else if (request.generation() == row.generation()) {
      apply(tx, i, new Fact.RetryRequested("the request was replayed"));
    }
  }

  private void existing(Tx tx, int i, ToolboxRequest request, Fact fact) {
    var row = rows[i];
    if (row == null) {
      throw new Refusal(false, "unknown_toolbox");
    }
    var isStale = request.generation() > 0 && request.generation() < row.generation();
    if (!isStale) {
      apply(tx, i, fact);
    }
  }

  private void verdict(Tx tx, int i, ToolboxHealth verdict, Fact fact) {
    var row = rows[i];
    var isFenced =
        row == null
            || row.generation() != verdict.generation()
            || verdict.sequence() <= healthSequence[i];
    if (!isFenced || row != null && world.mutant == Mutant.NO_HEALTH_FENCE) {
      tx.write(() -> healthSequence[i] = verdict.sequence());
      apply(tx, i, fact);
    }
  }

  Outcome apply(Tx tx, int i, Fact fact) {
    return take(tx, i, lifecycle.apply(rows[i], fact, world.instant()));
  }

  private Outcome take(Tx tx, int i, Outcome outcome) {
    if (outcome instanceof Outcome.Changed changed) {
      save(tx, i, rows[i], changed);
    }
    return outcome;
  }

  private void save(Tx tx, int i, Toolbox before, Outcome.Changed changed) {
    var after = changed.toolbox();
    var due = Planner.dueAt(after, world.instant());
    tx.write(
        () -> {
          rows[i] = after;
          due(i, due == null ? NEVER : world.millis(due));
          world.trace(i, () -> "provisioner stores " + after.state() + " g" + after.generation());
          world.invariants.toolboxStored(i, before, after);
        });
    changed.events().forEach(e -> tx.append(i, e));
    if (before != null) {
      GivenUp.of(before, after).ifPresent(up -> tx.giveUp(i, up.wish()));
    }
  }

  /** Applies a fact in a transaction of its own. */
  Outcome record(Process process, int i, Fact fact) {
    var outcome = new Outcome[1];
    transact(process, tx -> outcome[0] = apply(tx, i, fact));
    return outcome[0];
  }

  /** Applies what came of a step, which others may have overtaken meanwhile. */
  void recordResult(Process process, int i, Toolbox begun, Fact result) {
    transact(
        process,
        tx ->
            take(
                tx,
                i,
                world.mutant == Mutant.NO_RESULT_FENCE
                    ? lifecycle.apply(rows[i], result, world.instant())
                    : lifecycle.applyResult(rows[i], begun, result, world.instant())));
  }

  /** The row is held for as long as a call to the cloud may take. */
  Outcome attemptCreate(Process process, int i) {
    var outcome = new Outcome[1];
    transact(
        process,
        tx -> {
          outcome[0] = apply(tx, i, new Fact.CreateAttempted());
          tx.write(() -> due(i, world.agenda.now() + LEASE));
        });
    return outcome[0];
  }

  private void due(int i, long at) {
    nextAt[i] = at;
    if (at != NEVER) {
      world.agenda.at(at + world.chance.below(1_000), () -> claim(i));
    }
  }

  /** A claim moves the due time on: after a crash the row is taken up again that much later. */
  private void claim(int i) {
    if (nextAt[i] > world.agenda.now()) {
      return;
    }
    var process = anyInstance();
    if (process == null) {
      world.agenda.in(1_000, () -> claim(i));
      return;
    }
    due(i, world.agenda.now() + LEASE);
    process.run(() -> steps.run(process, i));
  }

  /**
   * What the agents' edge asks for a droplet that holds the join token of its generation: token and
   * toolbox change together.
   */
  Outcome join(Process process, Agent agent, ToolboxState.Agent as) {
    var i = agent.machine().toolbox;
    if (rows[i].generation() != agent.machine().generation) {
      return Outcome.unchanged("stale");
    }
    var outcome = new Outcome[1];
    transact(
        process,
        tx -> {
          outcome[0] = apply(tx, i, new Fact.AgentJoined(as));
          if (outcome[0] instanceof Outcome.Changed) {
            tx.write(() -> agent.admitted = true);
          }
        });
    return outcome[0];
  }
}
