package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.DropletRequest;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** One droplet: what the cloud knows of it, and the agent on it. */
final class Machine {
  /** Of no toolbox: somebody made it by hand, with our tag. */
  static final int STRAY = -1;

  final long id;
  final int toolbox;
  final long generation;
  final String name;
  final Set<String> tags;
  private final World world;
  private final long listedFrom;
  private final DropletAgent agent;
  private boolean active;
  final Instant madeAt;
  private boolean dying;
  private boolean lostOutside;
  private long goneAt = Long.MAX_VALUE;
  private long unlistedAt = Long.MAX_VALUE;
  private int address;

  Machine(World world, long id, DropletRequest request) {
    this.world = world;
    this.id = id;
    this.name = request.name();
    this.tags = new TreeSet<>(request.tags());
    var listed = new Listed(id, name, tags, world.instant());
    this.toolbox = listed.toolboxId().map(World::index).orElse(STRAY);
    this.generation = listed.generation().orElse(0L);
    var lag =
        world.chance.fault(10)
            ? world.chance.between(1_000, Cloud.LONGEST_LAG)
            : world.chance.between(0, 500);
    this.madeAt = world.instant();
    this.listedFrom = world.agenda.now() + lag;
    this.agent =
        new DropletAgent(
            world,
            this,
            Users.account(World.id(Math.max(0, toolbox))),
            World.id(Math.max(0, toolbox)));
  }

  /** It boots, unless something is wrong with it. */
  void begin() {
    if (world.chance.fault(1.5)) {
      world.agenda.in(world.chance.between(1_000, 60_000), () -> vanish("failed to be placed"));
    } else if (!world.chance.fault(2)) {
      world.agenda.in(world.chance.between(5_000, 25_000), this::activate);
    }
    if (world.chance.fault(5)) {
      world.agenda.in(
          world.chance.between(20_000, 900_000), () -> vanish("deleted by somebody else"));
    }
  }

  private void activate() {
    if (!dying) {
      active = true;
      address = 1;
      if (!world.chance.fault(2)) {
        agent.boot();
      }
    }
  }

  /** Without our asking, and only while the world has faults. */
  private void vanish(String why) {
    if (world.chance.hasFaults() && !dying) {
      lostOutside = true;
      destroy(why);
      goneAt = world.agenda.now();
    }
  }

  /** Takes a while; until then the cloud still knows it. */
  void destroy(String why) {
    if (dying) {
      return;
    }
    world.trace(toolbox, () -> "cloud destroys " + words() + ": " + why);
    world.invariants.destroyed(this);
    dying = true;
    var now = world.agenda.now();
    goneAt =
        now
            + (world.chance.fault(10)
                ? world.chance.between(5_000, 60_000)
                : world.chance.between(100, 4_000));
    unlistedAt = goneAt + (world.chance.fault(20) ? world.chance.between(0, 8_000) : 0);
    agent.end();
  }

  /** Neither gone nor on its way out: it can do something, and it costs money. */
  boolean isLive() {
    return !dying;
  }

  boolean isGone() {
    return world.agenda.now() >= goneAt;
  }

  boolean isLostOutside() {
    return lostOutside;
  }

  boolean isListed() {
    var now = world.agenda.now();
    return now >= listedFrom && now < unlistedAt;
  }

  boolean isActive() {
    return active;
  }

  String ipv4() {
    return address == 0 ? null : "10.0." + address + "." + id;
  }

  boolean hasSpokenOfLate() {
    return agent.hasSpokenSince(world.agenda.now() - 300_000);
  }

  DropletAgent agent() {
    return agent;
  }

  String words() {
    return "droplet " + id + " of generation " + generation;
  }
}
