package io.agentopia.toolbox.simulation;

import java.time.Instant;

/**
 * The way from droplets to the control plane. In some worlds it is away for a while, for most
 * toolboxes together: none of them is to blame.
 */
final class Network {
  /** Shorter than the health service's patience with many silent ones. */
  private static final long LONGEST = 200_000;

  private final World world;
  private Instant awaySince;
  private long awayUntil;

  Network(World world) {
    this.world = world;
    if (world.chance.fault(15)) {
      world.agenda.at(world.chance.between(180_000, 900_000), this::goAway);
    }
  }

  private void goAway() {
    awaySince = world.instant();
    awayUntil = world.agenda.now() + world.chance.between(30_000, LONGEST);
    world.trace(-1, () -> "the network is away until " + awayUntil / 1000.0 + " s");
  }

  boolean reaches(int toolbox) {
    return !isAway() || toolbox % 7 == 0;
  }

  boolean isAway() {
    return world.agenda.now() < awayUntil;
  }

  /** When it went away last. */
  Instant since() {
    return awaySince;
  }
}
