package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.Topics;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One world: everything that happens in it follows from its seed. For twenty minutes of its time
 * things go wrong, then faults end, operators replay what was given up, and it has to come to rest
 * as the invariants say.
 */
final class World {
  static final int TOOLBOXES = 25;

  /** What the services log of 100,000 sagas nobody reads; a world has its own trace. */
  private static final Logger SERVICES = Logger.getLogger("io.agentopia.toolbox");

  static {
    SERVICES.setLevel(Level.OFF);
  }

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  static final long FAULTS_END = 20 * 60_000L;
  private static final long LOOK_EVERY = 20_000;
  private static final long AT_REST_FOR = 40_000;

  /** Longer than all deadlines in a row. */
  private static final long PATIENCE = FAULTS_END + 45 * 60_000L;

  static {
    Infrastructure.clearInterceptors(); // no request's context is here that each step should carry
  }

  final long seed;
  final Mutant mutant;
  final Agenda agenda = new Agenda();
  final Chance chance;
  final Invariants invariants;
  final Network network;
  final Bus bus;
  final Cloud cloud;
  final Provisioner provisioner;
  final Health health;
  final Deployer deployer;
  final Gateway gateway;
  final AgentImages agentImages;
  final Users users;
  private final List<String> lines;
  private long lastId;
  private long hash;
  private Instant instant = BEGIN;
  private long instantOf;
  private boolean isOver;
  private Violation failure;

  /** Whose turn it is; null: nobody's of ours. */
  Process running;

  private long restSince = -1;

  World(long seed, Mutant mutant, boolean isTraced) {
    this.seed = seed;
    this.mutant = mutant;
    lines = isTraced ? new ArrayList<>() : null;
    chance = new Chance(seed);
    invariants = new Invariants(this, TOOLBOXES);
    network = new Network(this);
    bus = new Bus(this);
    cloud = new Cloud(this, TOOLBOXES);
    provisioner = new Provisioner(this);
    health = new Health(this, TOOLBOXES);
    deployer = new Deployer(this);
    gateway = new Gateway(this);
    agentImages = new AgentImages(this, TOOLBOXES);
    users = new Users(this, TOOLBOXES);
    new Operator(this);
    agenda.at(FAULTS_END, this::calm);
  }

  /**
   * @throws Violation of an invariant
   */
  void run() {
    while (!isOver && agenda.step()) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * What went wrong where nobody would hear of it: code of ours takes a failure for another's and
   * tries again.
   */
  void failed(int toolbox, Throwable thrown) {
    if (failure == null) {
      failure =
          thrown instanceof Violation violation
              ? violation
              : new Violation(toolbox, "what must not fail has failed: " + thrown);
    }
  }

  private void calm() {
    chance.stopFaults();
    health.patients.allowAll();
    agenda.in(60_000, this::replay);
    agenda.in(8 * 60_000, this::replay);
    agenda.in(9 * 60_000, this::look);
  }

  private void replay() {
    for (var service : services()) {
      service.replayDeadLetters();
    }
  }

  private void look() {
    var open = invariants.whatIsOpen();
    if (open != null) {
      restSince = -1;
      if (agenda.now() > PATIENCE) {
        throw open;
      }
    } else if (restSince < 0) {
      restSince = agenda.now();
    } else if (agenda.now() >= restSince + AT_REST_FOR) {
      invariants.checkAtRest();
      isOver = true;
    }
    agenda.in(LOOK_EVERY, this::look);
  }

  List<Service> services() {
    return List.of(provisioner, health, agentImages, deployer, gateway);
  }

  long nextId() {
    return ++lastId;
  }

  /** As the database of each service shows it; its instances go by that, and by no other. */
  Instant instant() {
    if (mutant == Mutant.MACHINES_CLOCK && running != null) {
      return instant(agenda.now() + running.ahead());
    }
    if (instantOf != agenda.now()) {
      instantOf = agenda.now();
      instant = instant(instantOf);
    }
    return instant;
  }

  Instant instant(long millis) {
    return BEGIN.plusMillis(millis);
  }

  /** The first millisecond that is not before {@code time}. */
  long millis(Instant time) {
    return time.toEpochMilli() - BEGIN.toEpochMilli();
  }

  static UUID id(int toolbox) {
    return new UUID(0x0190_0000_0000_7000L, toolbox);
  }

  static int index(UUID id) {
    return (int) id.getLeastSignificantBits();
  }

  void wakeAgent(int toolbox) {
    for (var machine : cloud.of(toolbox)) {
      if (machine.isLive()) {
        machine.agent().wake();
      }
    }
  }

  /** The agents' edge takes a report and puts it on its topic. */
  void publishReport(DropletAgent agent, AgentReport report) {
    bus.publish(new Message(nextId(), Topics.AGENT_REPORTS, agent.machine().toolbox, report, true));
  }

  /**
   * @param toolbox -1 for what concerns none
   */
  void trace(int toolbox, Supplier<String> what) {
    hash = (hash * 31 + agenda.now()) * 31 + toolbox;
    if (lines != null) {
      lines.add("%9.3f s  box %2d  %s".formatted(agenda.now() / 1000.0, toolbox, what.get()));
    }
  }

  /** Of everything that happened, and when. */
  long traceHash() {
    return hash;
  }

  long steps() {
    return agenda.steps();
  }

  /** What happened to one toolbox, or to the processes. */
  List<String> lines(int toolbox) {
    return lines.stream()
        .filter(
            line -> line.contains("  box -1  ") || line.contains("  box %2d  ".formatted(toolbox)))
        .toList();
  }
}
