package io.agentopia.toolbox.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The world's time, as a service's database shows it. */
final class WorldClock extends Clock {
  private final World world;

  WorldClock(World world) {
    this.world = world;
  }

  @Override
  public Instant instant() {
    return world.instant();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
