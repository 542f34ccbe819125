package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.runtime.ids.Ids;
import java.time.Clock;
import java.util.UUID;

/** Identifiers that follow from the seed. */
final class WorldIds extends Ids {
  private final World world;

  WorldIds(World world, Clock clock) {
    super(clock);
    this.world = world;
  }

  @Override
  public UUID next() {
    return new UUID(1, world.nextId());
  }
}
