package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.health.rollout.RolloutRequest;
import io.agentopia.toolbox.health.watch.RolloutOrders;
import io.agentopia.toolbox.health.watch.RolloutOrders.Action;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Who has agents moved to another image now and then, also while others are on their way. */
final class Operator {
  private static final String NAME = "operator";

  private final World world;

  Operator(World world) {
    this.world = world;
    if (world.chance.percent(40)) {
      var first = world.chance.between(200_000, 700_000);
      for (var n = 1 + world.chance.below(3); n > 0; n--) {
        world.agenda.at(first + world.chance.between(0, 240_000), this::rollOut);
      }
      if (world.chance.percent(30)) {
        var action = Action.values()[world.chance.below(Action.values().length)];
        world.agenda.at(first + world.chance.between(10_000, 400_000), () -> act(action));
      }
      world.agenda.at(World.FAULTS_END, () -> act(Action.RESUME));
    }
  }

  private void rollOut() {
    var image = AgentImages.ofRollouts(world.chance.below(AgentImages.ROLLED_OUT));
    world.trace(-1, () -> "operator wants " + image);
    ask(
        orders ->
            orders.start(
                new RolloutRequest(
                    image.version(),
                    List.of(image.reference()),
                    1 + world.chance.below(3),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(150),
                    5,
                    2,
                    "wanted"),
                NAME));
  }

  private void act(Action action) {
    for (var rollout : world.health.rollouts.rollouts()) {
      if (RolloutStore.isOpen(rollout)) {
        world.trace(-1, () -> "operator asks " + action + " of " + rollout.imageVersion);
        ask(orders -> orders.act(rollout.id, action, "wanted", NAME));
        return;
      }
    }
  }

  /** What is refused was wanted at the wrong time. */
  private void ask(Function<RolloutOrders, Uni<?>> wish) {
    var process = world.health.anyInstance();
    if (process != null) {
      process.run(
          () ->
              wish.apply(world.health.orders(process))
                  .subscribe()
                  .with(
                      done -> {},
                      failure -> {
                        if (!(failure instanceof ProblemException)) {
                          world.failed(-1, failure);
                        }
                      }));
    }
  }
}
