package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.provisioner.toolbox.Planner;
import io.agentopia.toolbox.provisioner.toolbox.Step;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.ErrorProvisioning;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Removal;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the provisioner's step runner does: transaction, call to the cloud, transaction. */
final class Steps {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int MOST_STEPS_AT_ONCE = 5;

  private final World world;
  private final Provisioner provisioner;

  Steps(World world, Provisioner provisioner) {
    this.world = world;
    this.provisioner = provisioner;
  }

  void run(Process process, int i) {
    run(process, i, MOST_STEPS_AT_ONCE);
  }

  private void run(Process process, int i, int left) {
    var toolbox = provisioner.row(i);
    var step = Planner.next(toolbox, world.instant());
    if (left == 0) {
      return;
    }
    Runnable next = () -> run(process, i, left - 1);
    switch (step) {
      case Step.Wait s -> {}
      case Step.Record s -> note(process, i, toolbox, s.fact(), next);
      case Step.CreateDroplet s -> create(process, i, next);
      case Step.LookUpDroplet s -> lookUp(process, i, toolbox, next);
      case Step.RemoveDroplets s -> remove(process, i, toolbox, s.removal(), next);
    }
  }

  private void note(Process process, int i, Toolbox begun, Fact fact, Runnable next) {
    if (world.mutant == Mutant.DROP_DEADLINES && fact instanceof Fact.DeadlinePassed) {
      return;
    }
    provisioner.recordResult(process, i, begun, fact);
    next.run();
  }

  /** A result comes back late now and then: its process was paused, or its database slow. */
  private void result(Process process, int i, Toolbox begun, Fact fact, Runnable next) {
    Runnable store =
        () -> {
          world.trace(i, () -> "step result " + fact);
          provisioner.recordResult(process, i, begun, fact);
          next.run();
        };
    if (world.chance.fault(12)) {
      process.in(world.chance.between(1_000, 200_000), store);
    } else {
      store.run();
    }
  }

  private void create(Process process, int i, Runnable next) {
    if (provisioner.attemptCreate(process, i) instanceof Outcome.Changed attempted) {
      world.cloud.create(
          process,
          attempted.toolbox(),
          created -> result(process, i, attempted.toolbox(), asFact(created), next));
    } else {
      next.run();
    }
  }

  private Fact asFact(Created created) {
    return switch (created) {
      case Created.Accepted c -> new Fact.CreateSucceeded(c.dropletId());
      case Created.Refused c ->
          new Fact.CreateRefused(new Trouble(c.code(), c.message(), c.action()));
      case Created.Unsure c ->
          world.mutant == Mutant.UNSURE_AS_DEFERRED
              ? new Fact.CreateDeferred(Duration.ofSeconds(1), c.detail())
              : new Fact.CreateUnsure(c.detail());
      case Created.Deferred c -> new Fact.CreateDeferred(c.retryAfter(), c.detail());
    };
  }

  private void lookUp(Process process, int i, Toolbox toolbox, Runnable next) {
    var askedAt = world.instant();
    world.cloud.list(
        process,
        i,
        listed -> {
          switch (listed) {
            case Listed.Unavailable u ->
                result(
                    process, i, toolbox, new Fact.LookUpFailed(u.retryAfter(), u.detail()), next);
            case Listed.Droplets d -> adopt(process, i, toolbox, d.droplets(), askedAt, next);
          }
        });
  }

  private void adopt(
      Process process,
      int i,
      Toolbox toolbox,
      List<Droplet> found,
      Instant askedAt,
      Runnable next) {
    var ours = new TreeSet<Long>();
    found.stream()
        .filter(d -> d.name().equals(toolbox.dropletName()))
        .forEach(d -> ours.add(d.id()));
    if (ours.isEmpty()) {
      result(process, i, toolbox, new Fact.NothingFound(askedAt), next);
      return;
    }
    var first = ours.pollFirst();
    deleteAll(
        process,
        new ArrayList<>(ours),
        new ArrayList<>(),
        ignored -> result(process, i, toolbox, new Fact.CreateSucceeded(first), next));
  }

  private void remove(Process process, int i, Toolbox toolbox, Removal removal, Runnable next) {
    if (world.mutant == Mutant.NO_CLEANUP && toolbox.state() instanceof ErrorProvisioning) {
      result(process, i, toolbox, new Fact.DropletsGone(), next);
      return;
    }
    var askedAt = world.instant();
    world.cloud.list(
        process,
        i,
        listed -> {
          switch (listed) {
            case Listed.Unavailable u ->
                result(
                    process,
                    i,
                    toolbox,
                    new Fact.RemovalDeferred(u.retryAfter(), u.detail()),
                    next);
            case Listed.Droplets d ->
                removeAll(process, i, toolbox, removal, d.droplets(), askedAt, next);
          }
        });
  }

  private void removeAll(
      Process process,
      int i,
      Toolbox toolbox,
      Removal removal,
      List<Droplet> listed,
      Instant askedAt,
      Runnable next) {
    var ids = new TreeSet<Long>();
    listed.stream().filter(d -> !toolbox.isMadeLater(d.name())).forEach(d -> ids.add(d.id()));
    if (removal.dropletId() != null) {
      ids.add(removal.dropletId());
    }
    deleteAll(
        process,
        new ArrayList<>(ids),
        new ArrayList<>(),
        answers -> result(process, i, toolbox, removed(removal, answers, askedAt), next));
  }

  private Fact removed(Removal removal, List<Deleted> answers, Instant askedAt) {
    var areAbsent = answers.stream().allMatch(this::isAbsent);
    if (areAbsent && !askedAt.isBefore(removal.maybeUntil())) {
      return new Fact.DropletsGone();
    }
    var wait =
        answers.stream()
            .map(answer -> answer instanceof Deleted.Deferred d ? d.retryAfter() : LOOK_AGAIN)
            .max(Duration::compareTo)
            .orElse(LOOK_AGAIN);
    return new Fact.RemovalDeferred(
        wait, areAbsent ? "a droplet may still turn up" : "deletion is under way");
  }

  private boolean isAbsent(Deleted answer) {
    return answer instanceof Deleted.Absent && world.mutant != Mutant.ABSENT_AS_DEFERRED;
  }

  /** One after the other. */
  private void deleteAll(
      Process process, List<Long> ids, List<Deleted> answers, Consumer<List<Deleted>> then) {
    if (ids.isEmpty()) {
      then.accept(answers);
      return;
    }
    world.cloud.delete(
        process,
        ids.removeFirst(),
        answer -> {
          answers.add(answer);
          deleteAll(process, ids, answers, then);
        });
  }
}
