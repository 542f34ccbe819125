package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.health.rollout.Rollout;
import io.agentopia.toolbox.provisioner.cloud.BudgetStore;
import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.CloudBudget;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget;
import io.agentopia.toolbox.provisioner.cloud.budget.RateBudget.Decision;
import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import io.agentopia.toolbox.provisioner.fleet.Owner;
import io.agentopia.toolbox.provisioner.toolbox.Deadlines;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.ErrorProvisioning;
import io.agentopia.toolbox.provisioner.work.Fleet;
import io.agentopia.toolbox.provisioner.work.FleetWatch;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The real things, each without one of its protections. */
final class Mutants {
  private Mutants() {}

  static Lifecycle lifecycle(Mutant mutant, Deadlines deadlines) {
    return switch (mutant) {
      case NO_RESULT_FENCE ->
          new Lifecycle(deadlines) {
            @Override
            public Transition<Toolbox, Event> applyResult(
                Toolbox toolbox, Toolbox begun, Fact result, Instant now) {
              return apply(toolbox, result, now);
            }
          };
      case DROP_DEADLINES ->
          new Lifecycle(deadlines) {
            @Override
            public Transition<Toolbox, Event> applyResult(
                Toolbox toolbox, Toolbox begun, Fact result, Instant now) {
              return result instanceof Fact.DeadlinePassed
                  ? Transition.ignored("told to nobody")
                  : super.applyResult(toolbox, begun, result, now);
            }
          };
      case NO_HEALTH_FENCE ->
          new Lifecycle(deadlines) {
            @Override
            public Transition<Toolbox, Event> applyVerdict(
                Toolbox toolbox, Subject verdict, Fact fact, Instant now) {
              return apply(toolbox, fact, now);
            }
          };
      case NO_REMEDY_FENCE ->
          new Lifecycle(deadlines) {
            @Override
            public Transition<Toolbox, Event> applyVerdict(
                Toolbox toolbox, Subject verdict, Fact fact, Instant now) {
              return fact instanceof Fact.RemedyRequested
                  ? apply(toolbox, new Fact.RecreationRequested("a remedy"), now)
                  : super.applyVerdict(toolbox, verdict, fact, now);
            }
          };
      default -> new Lifecycle(deadlines);
    };
  }

  static CloudProvider cloud(World world, Process process, BudgetedCalls calls) {
    return switch (world.mutant) {
      case UNSURE_AS_DEFERRED ->
          new CallsToCloud(world, process, calls) {
            @Override
            public Uni<Created> create(DropletRequest request) {
              return super.create(request)
                  .map(
                      created ->
                          created instanceof Created.Unsure u
                              ? new Created.Deferred(Duration.ofSeconds(1), u.detail())
                              : created);
            }
          };
      case ABSENT_AS_DEFERRED ->
          new CallsToCloud(world, process, calls) {
            @Override
            public Uni<Deleted> delete(long dropletId) {
              return super.delete(dropletId)
                  .map(
                      deleted ->
                          deleted instanceof Deleted.Absent
                              ? new Deleted.Deferred(Duration.ofSeconds(1), "no such droplet")
                              : deleted);
            }
          };
      case NO_CLEANUP ->
          new CallsToCloud(world, process, calls) {
            @Override
            public Uni<Listed> list(String tag, Priority priority) {
              return super.list(tag, priority)
                  .map(listed -> hasFailed(world, tag) ? new Listed.Droplets(List.of()) : listed);
            }

            @Override
            public Uni<Deleted> delete(long dropletId) {
              var toolbox = world.provisioner.row(world.cloud.machine(dropletId).toolbox);
              return toolbox.state() instanceof ErrorProvisioning
                  ? Uni.createFrom().item(new Deleted.Absent())
                  : super.delete(dropletId);
            }
          };
      default -> new CallsToCloud(world, process, calls);
    };
  }

  static CloudBudget budget(Mutant mutant, BudgetStore store, Clock clock) {
    return switch (mutant) {
      case NO_CALL_BUDGET ->
          new CloudBudget(store, clock) {
            @Override
            public Uni<Decision> take(Priority priority) {
              var full = RateBudget.full(Settings.cloudLimits(), clock.instant());
              return Uni.createFrom().item(new Decision.Granted(full));
            }
          };
      case NO_CALL_PRIORITY ->
          new CloudBudget(store, clock) {
            @Override
            public Uni<Decision> take(Priority priority) {
              return super.take(Priority.CHANGE);
            }
          };
      default -> new CloudBudget(store, clock);
    };
  }

  static FleetWatch.Sweep sweep(Mutant mutant, FleetWatch.Sweep sweep) {
    return mutant == Mutant.NO_ORPHAN_SWEEP ? droplets -> Uni.createFrom().voidItem() : sweep;
  }

  static Fleet fleet(Mutant mutant, Fleet fleet) {
    return mutant != Mutant.NO_OWNERS_ASKED
        ? fleet
        : new Fleet() {
          @Override
          public Uni<Watch> watch(String lease, Duration bootDeadline) {
            return fleet.watch(lease, bootDeadline);
          }

          @Override
          public Uni<List<Watched>> watched() {
            return fleet.watched();
          }

          @Override
          public Uni<List<Owner>> owners(List<io.agentopia.toolbox.provisioner.fleet.Listed> all) {
            return Uni.createFrom().item(List.of());
          }
        };
  }

  static Rollouts rollouts(Mutant mutant, Rollouts rollouts) {
    return switch (mutant) {
      case NO_CANARIES ->
          new OtherRollouts(rollouts) {
            @Override
            public Uni<Void> add(RolloutRow row) {
              row.state(new Rollout.Rolling(), "nobody tries it first", row.since);
              return super.add(row);
            }
          };
      case ROLLOUTS_BESIDE ->
          new OtherRollouts(rollouts) {
            @Override
            public Uni<Optional<RolloutRow>> open() {
              return Uni.createFrom().item(Optional.empty());
            }
          };
      default -> rollouts;
    };
  }

  private static class OtherRollouts implements Rollouts {
    private final Rollouts rollouts;

    OtherRollouts(Rollouts rollouts) {
      this.rollouts = rollouts;
    }

    @Override
    public Uni<List<UUID>> toLookAt() {
      return rollouts.toLookAt();
    }

    @Override
    public Uni<Optional<RolloutRow>> lockIfFree(UUID id) {
      return rollouts.lockIfFree(id);
    }

    @Override
    public Uni<Optional<RolloutRow>> lock(UUID id) {
      return rollouts.lock(id);
    }

    @Override
    public Uni<Optional<RolloutRow>> open() {
      return rollouts.open();
    }

    @Override
    public Uni<Optional<UUID>> target() {
      return rollouts.target();
    }

    @Override
    public Uni<Void> add(RolloutRow row) {
      return rollouts.add(row);
    }

    @Override
    public Uni<Void> audit(UUID rolloutId, String action, String by, String reason, Instant at) {
      return rollouts.audit(rolloutId, action, by, reason, at);
    }
  }

  private static boolean hasFailed(World world, String tag) {
    return CallsToCloud.toolboxOf(tag)
        .map(i -> world.provisioner.row(i).state() instanceof ErrorProvisioning)
        .orElse(false);
  }
}
