package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.DropletRequest;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * DigitalOcean on its worse days: unsure creates, lists that lag, 429, 5xx, a spell of refused
 * credentials, droplets that fail, never boot, or are deleted by somebody else.
 *
 * <p>Two bounds are its promise, and together they are the provisioner's listing lag: a create
 * request takes effect within {@link #LONGEST_CALL} or never, and after that is listed within
 * {@link #LONGEST_LAG}.
 */
final class Cloud {
  static final long LONGEST_CALL = 10_000;
  static final long LONGEST_LAG = 9_000;

  private final World world;
  private final List<Machine> machines = new ArrayList<>();
  private final List<List<Machine>> byToolbox = new ArrayList<>();
  private final CloudLimits limits;
  private long refusesFrom = Long.MAX_VALUE;
  private long refusesUntil;

  Cloud(World world, int toolboxes) {
    this.world = world;
    limits = new CloudLimits(world, Settings.cloudLimits());
    for (var i = 0; i < toolboxes; i++) {
      byToolbox.add(new ArrayList<>());
    }
    if (world.chance.percent(20)) {
      world.agenda.in(world.chance.between(60_000, 600_000), this::stray);
    }
    if (world.chance.percent(15)) {
      refusesFrom = world.chance.between(0, 900_000);
      refusesUntil = refusesFrom + world.chance.between(5_000, 90_000);
    }
  }

  /** Somebody makes a droplet by hand, with the fleet's tag. */
  private void stray() {
    var tags = List.of(world.provisioner.config().fleetTag());
    var machine =
        new Machine(
            world,
            machines.size() + 1L,
            new DropletRequest("by-hand", "nyc3", "s-1vcpu-1gb", "debian-13-x64", tags, ""));
    machines.add(machine);
    world.trace(-1, () -> "somebody makes " + machine.words() + " by hand");
  }

  CloudLimits limits() {
    return limits;
  }

  boolean hasStrays() {
    return machines.stream().anyMatch(m -> m.toolbox == Machine.STRAY && m.isLive());
  }

  List<Machine> of(int toolbox) {
    return byToolbox.get(toolbox);
  }

  Machine machine(long id) {
    return machines.get((int) id - 1);
  }

  int live(int toolbox) {
    var live = 0;
    for (var machine : byToolbox.get(toolbox)) {
      live += machine.isLive() ? 1 : 0;
    }
    return live;
  }

  private boolean refusesCredentials() {
    var now = world.agenda.now();
    return world.chance.hasFaults() && now >= refusesFrom && now < refusesUntil;
  }

  void create(Process caller, DropletRequest request, Consumer<Created> answer) {
    var latency = world.chance.between(100, 3_000);
    if (refusesCredentials()) {
      var no = new Created.Refused("cloud_credentials_refused", "401", "mend the token");
      caller.in(latency, () -> answer.accept(no));
    } else if (world.chance.fault(4)) {
      make(world.chance.between(50, LONGEST_CALL), request);
      caller.in(LONGEST_CALL, () -> answer.accept(new Created.Unsure("timed out, and made")));
    } else if (world.chance.fault(3)) {
      caller.in(LONGEST_CALL, () -> answer.accept(new Created.Unsure("timed out, not made")));
    } else if (world.chance.fault(3)) {
      var isMade = world.chance.percent(50);
      if (isMade) {
        make(latency, request);
      }
      caller.in(latency, () -> answer.accept(new Created.Unsure("503")));
    } else if (world.chance.fault(5)) {
      var retryAfter = Duration.ofSeconds(world.chance.between(1, 60));
      caller.in(latency, () -> answer.accept(new Created.Deferred(retryAfter, "429")));
    } else if (world.chance.fault(2)) {
      var no = new Created.Refused("size_unavailable", "422", "choose another size");
      caller.in(latency, () -> answer.accept(no));
    } else {
      accept(caller, request, latency, answer);
    }
  }

  private void accept(
      Process caller, DropletRequest request, long latency, Consumer<Created> answer) {
    var taken = world.chance.fault(3) ? world.chance.between(3_000, LONGEST_CALL) : latency;
    var machine = make(taken * 3 / 4, request);
    caller.in(taken, () -> answer.accept(new Created.Accepted(machine[0].id)));
  }

  /** The request is out: it takes effect whatever becomes of who sent it. */
  private Machine[] make(long millis, DropletRequest request) {
    var made = new Machine[1];
    world.agenda.in(
        millis,
        () -> {
          made[0] = new Machine(world, machines.size() + 1L, request);
          var index = made[0].toolbox;
          machines.add(made[0]);
          byToolbox.get(index).add(made[0]);
          world.trace(index, () -> "cloud makes " + made[0].words());
          world.invariants.dropletMade(index);
          made[0].begin();
        });
    return made;
  }

  /** All droplets of one toolbox, or of the fleet where it is -1. */
  void list(Process caller, int toolbox, Consumer<Listed> answer) {
    var latency = latency();
    if (refusesCredentials() || world.chance.fault(4)) {
      var wait = Duration.ofSeconds(world.chance.between(1, 20));
      caller.in(latency, () -> answer.accept(new Listed.Unavailable(wait, "503")));
      return;
    }
    var asked = world.chance.between(0, latency);
    var found = new ArrayList<Droplet>();
    world.agenda.in(
        asked,
        () -> (toolbox < 0 ? machines : byToolbox.get(toolbox)).forEach(m -> show(m, found)));
    caller.in(latency + stall(), () -> answer.accept(new Listed.Droplets(found)));
  }

  private void show(Machine machine, List<Droplet> found) {
    if (machine.isListed()) {
      found.add(
          new Droplet(
              machine.id,
              machine.name,
              machine.isActive(),
              machine.ipv4(),
              Set.copyOf(machine.tags),
              machine.madeAt));
    }
  }

  void delete(Process caller, long id, Consumer<Deleted> answer) {
    var latency = latency();
    if (refusesCredentials() || world.chance.fault(4)) {
      var wait = Duration.ofSeconds(world.chance.between(1, 30));
      caller.in(latency, () -> answer.accept(new Deleted.Deferred(wait, "503")));
      return;
    }
    var isLost = world.chance.fault(2);
    var said = new Deleted[1];
    world.agenda.in(
        world.chance.between(0, latency),
        () -> {
          var machine = machine(id);
          said[0] = machine.isGone() ? new Deleted.Absent() : new Deleted.Accepted();
          machine.destroy("deleted");
        });
    caller.in(
        isLost ? LONGEST_CALL : latency,
        () ->
            answer.accept(
                isLost ? new Deleted.Deferred(Duration.ofSeconds(1), "timed out") : said[0]));
  }

  void tag(Process caller, long id, String tag, boolean on, Consumer<Tagged> answer) {
    if (refusesCredentials() || world.chance.fault(4)) {
      var wait = Duration.ofSeconds(world.chance.between(1, 30));
      caller.in(latency(), () -> answer.accept(new Tagged.Deferred(wait, "503")));
      return;
    }
    caller.in(
        latency(),
        () -> {
          var machine = machine(id);
          if (on) {
            machine.tags.add(tag);
          } else {
            machine.tags.remove(tag);
          }
          answer.accept(machine.isGone() ? new Tagged.Absent() : new Tagged.Done());
        });
  }

  void isKnown(Process caller, long id, Consumer<Known> answer) {
    var isUnsure = refusesCredentials() || world.chance.fault(5);
    caller.in(
        latency(),
        () -> answer.accept(isUnsure ? Known.UNSURE : machine(id).isGone() ? Known.NO : Known.YES));
  }

  private long latency() {
    return world.chance.fault(5)
        ? world.chance.between(1_000, LONGEST_CALL)
        : world.chance.between(20, 800);
  }

  /** The caller gets round to the answer late: a pause, or a database that is slow. */
  private long stall() {
    return world.chance.fault(2) ? world.chance.between(500, 90_000) : 0;
  }
}
