package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fleet.MachineReport;
import io.agentopia.toolbox.simulator.store.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The machine behind one droplet. Everything happens on one thread of its own, in the order asked
 * for; {@code power} counts the times the power went on or off, so what belongs to an earlier time
 * (a boot stage) is recognised and dropped.
 */
final class Machine {
  private static final Logger LOG = Logger.getLogger(Machine.class);

  private final long id;
  private final Path directory;
  private final MachineParts parts;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("machine-", 0).factory());

  private final AgentUnit unit;
  private long power;
  private volatile MachineFile file;

  Machine(long id, Path directory, MachineParts parts) {
    this.id = id;
    this.directory = directory;
    this.parts = parts;
    this.unit = new AgentUnit(id, directory, parts, new UnitHost());
    this.file =
        Json.read(directory.resolve("machine.json"), MachineFile.class).orElse(MachineFile.NEW);
  }

  private final class UnitHost implements AgentUnit.Host {
    @Override
    public MachineFile file() {
      return file;
    }

    @Override
    public void save(MachineFile changed) {
      Machine.this.save(changed);
    }

    @Override
    public void later(Duration pause, Runnable work) {
      Machine.this.later(pause, work);
    }
  }

  void powerUp(Droplet droplet) {
    then(() -> switchOn(droplet, file.dockerHost()));
  }

  /** After a start of the simulator: the agent may still be alive. */
  void resume(Droplet droplet) {
    then(
        () -> {
          var lastHost = file.dockerHost();
          var alive = survivor();
          if (alive != null && lastHost != null) {
            var dockerHost = parts.docker().up(droplet, directory, lastHost);
            if (dockerHost.equals(lastHost)) {
              adopt(droplet, alive);
              return;
            }
          }
          if (alive != null) {
            alive.end(parts.stopGrace());
          }
          endStrays();
          switchOn(droplet, lastHost);
        });
  }

  private AgentProcess survivor() {
    return AgentProcess.find(file.pid(), file.startedAt())
        .or(() -> AgentCommand.processesOf(directory).stream().findFirst().map(AgentProcess::new))
        .orElse(null);
  }

  private void adopt(Droplet droplet, AgentProcess alive) {
    power++;
    if (UserData.read(droplet.spec().userData()) instanceof UserData.StartsAgent agent) {
      unit.adopt(alive, new AgentUnit.Job(agent, droplet));
    }
  }

  private void switchOn(Droplet droplet, String lastHost) {
    if (unit.isAlive()) {
      return;
    }
    var now = ++power;
    var dockerHost = parts.docker().up(droplet, directory, lastHost);
    var bootId = UUID.randomUUID().toString();
    save(file.switchedOn(bootId, dockerHost, parts.agentPort(), Instant.now()));
    switch (UserData.read(droplet.spec().userData())) {
      case UserData.StartsNothing(var reason) ->
          LOG.warnf("machine is up and starts no agent: dropletId=%d, reason=%s", id, reason);
      case UserData.StartsAgent agent -> {
        if (file.firstBootDone()) {
          unit.start(new AgentUnit.Job(agent, droplet));
        } else {
          stage(0, agent, droplet, now);
        }
      }
    }
  }

  /** First boot: user-data runs, and phones home at each stage. */
  private void stage(int index, UserData.StartsAgent agent, Droplet droplet, long then) {
    if (then != power) {
      return;
    }
    var stage = BootStage.values()[index];
    parts.phoneHome().tell(id, agent.environment(), stage.word(), stage.detail(agent));
    if (index + 1 < BootStage.values().length) {
      later(parts.delays().stageAfter(), () -> stage(index + 1, agent, droplet, then));
      return;
    }
    unit.start(new AgentUnit.Job(agent, droplet));
  }

  void powerDown(boolean graceful) {
    then(() -> switchOff(graceful));
  }

  private void switchOff(boolean graceful) {
    power++;
    unit.stop(graceful);
    parts.docker().down(id, directory);
  }

  /** The simulator stops gracefully: its machines lose power, and come back with it. */
  CompletableFuture<Void> stopWithSimulator() {
    return CompletableFuture.runAsync(() -> switchOff(true), thread);
  }

  void destroy() {
    then(
        () -> {
          power++;
          // On the way out the agent gets its chance, as an operating system would give it.
          unit.stop(true);
          endStrays();
          parts.docker().destroy(id, directory);
          Disk.delete(directory.resolve("state"));
        });
    thread.shutdown();
  }

  private void endStrays() {
    AgentCommand.processesOf(directory).stream()
        .map(AgentProcess::new)
        .forEach(p -> p.end(parts.stopGrace()));
  }

  boolean killAgent() {
    return unit.kill();
  }

  MachineReport report() {
    var pid = unit.pid();
    var images = file.images();
    return new MachineReport(
        pid,
        pid != null,
        unit.starts(),
        file.bootId(),
        file.dockerHost(),
        file.agentPort() == 0 ? null : file.agentPort(),
        directory.resolve("agent.log").toString(),
        images == null ? null : images.toRun(),
        images != null && images.isOnTrial());
  }

  private void save(MachineFile changed) {
    file = changed;
    Json.write(directory.resolve("machine.json"), changed);
  }

  private void later(Duration pause, Runnable work) {
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> then(work));
  }

  /** Nothing is left to do for a machine whose thread has ended. */
  private void then(Runnable work) {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.errorf(e, "machine could not do as told: dropletId=%d", id);
          }
        });
  }
}
