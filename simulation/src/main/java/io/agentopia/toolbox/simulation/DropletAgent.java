package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.identity.AgentState;
import io.agentopia.toolbox.agent.identity.StateStorage;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.agentopia.toolbox.agent.lifecycle.Droplet;
import io.agentopia.toolbox.agent.lifecycle.Execution;
import io.agentopia.toolbox.agent.lifecycle.Host;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.reconcile.Action;
import io.agentopia.toolbox.agent.reconcile.ActionExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The real management agent on one droplet, and the unit that starts it whenever it has ended. Its
 * state file survives its crashes, and so does what the droplet's script noted; its memory does
 * not: a life is an agent of its own, and of one that is over nothing is done any more.
 */
final class DropletAgent implements StateStorage {
  private static final long RESTART_AFTER = 2_000;

  private final World world;
  private final Machine machine;
  private final String accountId;
  private final UUID toolboxId;
  private final Docker docker;
  private final AgentTrial trial;
  private final AgentEdge edge;
  private AgentState file;
  private Agent running;
  private VirtualLoops loops;
  private boolean ended;
  private int life;
  private long awayUntil;

  /** What the provisioner stored of the join token: a second ask gets the same answer. */
  boolean admitted;

  DropletAgent(World world, Machine machine, String accountId, UUID toolboxId) {
    this.world = world;
    this.machine = machine;
    this.accountId = accountId;
    this.toolboxId = toolboxId;
    this.docker = new Docker(world, this);
    this.trial = new AgentTrial(world, machine);
    this.edge = new AgentEdge(world, this);
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

  /** From which the agent runs, or is started next. */
  AgentImages.Image image() {
    return trial.image();
  }

  AgentTrial trial() {
    return trial;
  }

  void boot() {
    in(world.chance.between(5_000, 40_000), this::start);
    if (world.chance.fault(8)) {
      world.agenda.in(world.chance.between(10_000, 600_000), this::die);
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
              die();
            }
          }
        });
  }

  private void start() {
    trial.start();
    var image = trial.image();
    world.trace(machine.toolbox, () -> "agent of " + image + " starts on " + machine.words());
    in(AgentTrial.WATCHED_EVERY, this::watch);
    if (image.kind() == AgentImages.Kind.ENDS) {
      in(1_000, this::die);
      return;
    }
    loops = new VirtualLoops(world, this);
    running = new Agent(parts(image));
    running.start();
  }

  private Agent.Parts parts(AgentImages.Image image) {
    var timing = new Timing(new WorldClock(world), world.chance::fraction);
    return new Agent.Parts(
        Settings.agent(image.reference()),
        new Droplet(
            new Host(image.version(), machine.name, "boot"),
            Map::of,
            () -> {
              throw new IOException("no disk is simulated");
            },
            AgentMutants.upgradeFiles(world.mutant, trial)),
        state(),
        AgentMutants.controlPlane(world.mutant, edge, () -> file),
        docker,
        new Execution(
            timing,
            world.chance.generator(),
            loops,
            AgentMutants.actions(world.mutant, actions()),
            this::exited));
  }

  private StateStore state() {
    try {
      return StateStore.over(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<AgentState> read() {
    return Optional.ofNullable(file);
  }

  @Override
  public void write(AgentState state) {
    file = state;
  }

  private ActionExecutor actions() {
    return (action, job) -> {
      if (action instanceof Action.OnTool onTool) {
        world.invariants.actsOn(machine.toolbox, onTool.tool(), edge.newest());
      }
      in(
          action instanceof Action.Pull
              ? world.chance.between(1_000, 40_000)
              : world.chance.between(50, 3_000),
          () -> {
            world.trace(machine.toolbox, () -> "agent does " + action);
            job.run();
          });
    };
  }

  /** The script's own look: an image on trial that was not confirmed in time goes. */
  private void watch() {
    if (trial.watch()) {
      exited(Agent.EXIT_RESTART);
    } else if (trial.isOn()) {
      in(AgentTrial.WATCHED_EVERY, this::watch);
    }
  }

  private void die() {
    if (!ended) {
      over("dies");
      in(world.chance.between(1_000, 15_000), this::start);
    }
  }

  private void exited(int code) {
    over("ends with " + code);
    if (code == Agent.EXIT_RESTART) {
      in(RESTART_AFTER, this::start);
    }
  }

  private void over(String how) {
    world.trace(machine.toolbox, () -> "agent on " + machine.words() + " " + how);
    life++;
    if (running != null) {
      loops.stop(Duration.ZERO);
      running = null;
    }
  }

  /** What a call takes: the step that made it is not over before. */
  void spend(long millis) {
    loops.spend(millis);
  }

  boolean isConnected() {
    return trial.image().kind() != AgentImages.Kind.MUTE
        && world.agenda.now() >= awayUntil
        && world.network.reaches(machine.toolbox)
        && !world.chance.fault(2);
  }

  boolean hasSpokenSince(long when) {
    return edge.hasSpokenSince(when);
  }

  /** The control plane calls it: faster, never more correct. */
  void wake() {
    if (running != null && !world.chance.fault(20)) {
      in(world.chance.between(10, 200), running::wake);
    }
  }
}
