package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.identity.AgentState;
import io.agentopia.toolbox.agent.json.Json;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import java.util.List;
import java.util.UUID;

/**
 * The management agent on one droplet: it joins, beats, fetches its manifest and has {@link
 * Reconciling} act on it. Its state file survives its crashes, its memory does not.
 */
final class Agent {
  private final World world;
  private final Machine machine;
  private final String accountId;
  private final UUID toolboxId;
  private final Docker docker;
  private final AgentImage image;
  private AgentState file = AgentState.fresh();
  private Reconciling reconciling;
  private boolean started;
  private boolean ended;
  private int life;
  private long awayUntil;
  private long fetched = -1;
  private boolean fetching;

  private long lastBeat = Long.MIN_VALUE;
  private long beats;

  /** What the provisioner stored of the join token: a second ask gets the same answer. */
  boolean admitted;

  Agent(World world, Machine machine, String accountId, UUID toolboxId) {
    this.world = world;
    this.machine = machine;
    this.accountId = accountId;
    this.toolboxId = toolboxId;
    this.docker = new Docker(world, this::dockerChanged);
    this.image = new AgentImage(world, this);
  }

  UUID toolboxId() {
    return toolboxId;
  }

  String accountId() {
    return accountId;
  }

  Machine machine() {
    return machine;
  }

  Docker docker() {
    return docker;
  }

  AgentImages.Image image() {
    return image.image();
  }

  AgentState file() {
    return file;
  }

  void file(AgentState next) {
    file = next;
  }

  void boot() {
    in(world.chance.between(5_000, 40_000), this::join);
    if (world.chance.fault(8)) {
      in(world.chance.between(10_000, 600_000), this::dieAndReturn);
    }
    if (world.chance.fault(8)) {
      world.agenda.in(
          world.chance.between(10_000, 600_000),
          () -> awayUntil = world.agenda.now() + world.chance.between(10_000, 150_000));
    }
    if (world.chance.fault(4)) {
      world.agenda.in(
          world.chance.between(10_000, 600_000),
          () -> docker.goAway(world.chance.between(5_000, 90_000)));
    }
  }

  /** The droplet is gone, and everything on it. */
  void end() {
    ended = true;
  }

  /** Later, if this life of the agent lasts until then. */
  void in(long millis, Runnable what) {
    var mine = life;
    world.agenda.in(
        millis,
        () -> {
          if (!ended && life == mine) {
            try {
              what.run();
            } catch (Docker.AgentDies e) {
              dieAndReturn();
            }
          }
        });
  }

  private void dieAndReturn() {
    world.trace(machine.toolbox, () -> "agent on " + machine.words() + " dies");
    life++;
    image.died();
    reconciling = null;
    fetched = -1;
    fetching = false;
    in(world.chance.between(1_000, 15_000), admitted && started ? this::work : this::join);
  }

  boolean isConnected() {
    return world.agenda.now() >= awayUntil
        && world.network.reaches(machine.toolbox)
        && !world.chance.fault(2);
  }

  private void join() {
    var process = world.provisioner.anyInstance();
    if (process == null || !isConnected()) {
      in(5_000, this::join);
      return;
    }
    if (!admitted) {
      var isStale = new boolean[1];
      process.run(() -> isStale[0] = !world.provisioner.join(process, this, ME));
      if (isStale[0]) {
        return; // the token is of a droplet that was replaced
      }
    }
    if (admitted && !world.chance.fault(3)) {
      started = true;
      work();
    } else {
      in(5_000, this::join);
    }
  }

  private static final ToolboxState.Agent ME = new ToolboxState.Agent("1", 30_000);

  private void work() {
    reconciling = new Reconciling(world, this);
    beat();
    fetch();
  }

  boolean hasSpokenSince(long when) {
    return lastBeat >= when;
  }

  private void beat() {
    in(world.chance.between(9_000, 11_000), this::beat);
    if (!isConnected()) {
      return;
    }
    lastBeat = world.agenda.now();
    var heard = heartbeat();
    world.agenda.in(
        world.chance.fault(1) ? world.chance.between(1_000, 40_000) : world.chance.between(5, 80),
        () -> world.health.hear(machine.toolbox, heard));
    image.asked(world.agentImages.askedOf(machine.toolbox, machine.generation, image.image()));
    if (world.gateway.generation(machine.toolbox) > fetched) {
      fetch();
    }
  }

  private AgentHeartbeat heartbeat() {
    return new AgentHeartbeat(
        new Subject(toolboxId, accountId, machine.generation, ++beats),
        image.image().version(),
        "boot",
        0,
        0,
        docker.isReachable(),
        null,
        null,
        null,
        List.of(),
        image.image().reference(),
        image.upgrade(),
        List.of());
  }

  /** The control plane calls it: faster, never more correct. */
  void wake() {
    if (reconciling != null && !world.chance.fault(20)) {
      in(world.chance.between(10, 200), this::fetch);
    }
  }

  /** One at a time; the answer may come late, or be an old one out of a cache. */
  private void fetch() {
    if (fetching || reconciling == null) {
      return;
    }
    fetching = true;
    if (!isConnected()) {
      in(world.chance.between(2_000, 10_000), this::fetchAgain);
      return;
    }
    var answer = convert(world.gateway.read(machine.toolbox, toolboxId));
    var latency =
        world.chance.fault(4) ? world.chance.between(1_000, 15_000) : world.chance.between(5, 200);
    in(latency, () -> consider(answer));
  }

  private void fetchAgain() {
    fetching = false;
    fetch();
  }

  private void consider(Manifest manifest) {
    fetching = false;
    if (manifest.generation() < file.progress().highestManifest()
        && world.mutant != Mutant.NO_MANIFEST_FENCE) {
      return;
    }
    world.invariants.manifestTaken(
        machine.toolbox, file.progress().highestManifest(), manifest.generation());
    file = file.sawManifest(manifest.generation());
    fetched = manifest.generation();
    reconciling.want(manifest);
  }

  private void dockerChanged() {
    if (reconciling != null && !ended) {
      reconciling.wake();
    }
  }

  /** Over the wire's form, as it comes to the agent. */
  private static Manifest convert(Gateway.Manifest told) {
    return Json.MAPPER.convertValue(told, Manifest.class);
  }
}
