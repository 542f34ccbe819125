package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import io.agentopia.toolbox.simulator.store.Json;
import io.agentopia.toolbox.simulator.trial.HostImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The machine behind one droplet. Everything happens on one thread of its own, in the order asked
 * for; {@code power} counts the times the power went on or off, so what belongs to an earlier time
 * (a boot stage, the end of a process) is recognised and dropped.
 */
final class Machine {
  private static final Logger LOG = Logger.getLogger(Machine.class);
  static final String DROPLET_LABEL = "io.agentopia.simulator.droplet";

  private final long id;
  private final Path directory;
  private final MachineParts parts;
  private final HostTrial trial;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("machine-", 0).factory());

  private long power;
  private volatile AgentProcess process;
  private volatile MachineFile file;
  private volatile int starts;

  /** Tells one start of the agent from the others, as {@code power} does with the machine's. */
  private long run;

  private Duration lastPause = Duration.ZERO;

  Machine(long id, Path directory, MachineParts parts) {
    this.id = id;
    this.directory = directory;
    this.parts = parts;
    this.trial = new HostTrial(directory.resolve("state"), parts.trials());
    this.file =
        Json.read(directory.resolve("machine.json"), MachineFile.class).orElse(MachineFile.NEW);
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
    LOG.infof("agent taken over: dropletId=%d, pid=%d", id, alive.pid());
    if (UserData.read(droplet.spec().userData()) instanceof UserData.StartsAgent agent) {
      watch(alive, agent, droplet, power);
      lookAtTrialLater(agent, droplet, power, run);
    }
  }

  private void switchOn(Droplet droplet, String lastHost) {
    if (process != null && process.isAlive()) {
      return;
    }
    var now = ++power;
    var dockerHost = parts.docker().up(droplet, directory, lastHost);
    save(file.switchedOn(UUID.randomUUID().toString(), dockerHost, parts.agentPort()));
    if (file.images() != null) {
      save(file.withImages(file.images().rebooted(Instant.now())));
    }
    lastPause = Duration.ZERO;
    switch (UserData.read(droplet.spec().userData())) {
      case UserData.StartsNothing(var reason) ->
          LOG.warnf("machine is up and starts no agent: dropletId=%d, reason=%s", id, reason);
      case UserData.StartsAgent agent -> {
        if (file.firstBootDone()) {
          startAgent(agent, droplet, now);
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
    startAgent(agent, droplet, then);
  }

  private void startAgent(UserData.StartsAgent agent, Droplet droplet, long then) {
    if (then != power) {
      return;
    }
    var missing = parts.command().missing();
    if (missing != null) {
      LOG.errorf("agent cannot be started: dropletId=%d, cause=%s", id, missing);
      parts.phoneHome().tell(id, agent.environment(), "failed", missing);
      return;
    }
    var image = chooseImage(agent);
    var fault = image == null ? Optional.<Fault>empty() : strike(droplet, image);
    if (fault.isPresent()) {
      breakDown(fault.get(), agent, droplet, then);
    } else {
      startProcess(agent, droplet, then);
    }
    lookAtTrialLater(agent, droplet, then, run);
  }

  /** What run-agent does: the image on trial, or the proven one; null where none is named. */
  private String chooseImage(UserData.StartsAgent agent) {
    if (file.images() == null) {
      HostTrial.pinned(agent.images()).ifPresent(i -> save(file.withImages(HostImages.proven(i))));
    }
    return file.images() == null
        ? null
        : trial.start(file.images(), i -> save(file.withImages(i))).toRun();
  }

  private Optional<Fault> strike(Droplet droplet, String image) {
    var spec = droplet.spec();
    return parts
        .faults()
        .strike(
            FaultKind.BROKEN_AGENT,
            Target.agent(id, spec.name(), droplet.tags(), spec.region(), image));
  }

  private void startProcess(UserData.StartsAgent agent, Droplet droplet, long then) {
    try {
      var started = parts.command().start(directory, environment(agent, droplet));
      starts++;
      LOG.infof(
          "agent started: dropletId=%d, pid=%d, address=%s", id, started.pid(), droplet.address());
      watch(new AgentProcess(started), agent, droplet, then);
    } catch (IOException e) {
      LOG.errorf(e, "agent cannot be started: dropletId=%d", id);
      var now = ++run;
      ended(agent, droplet, then, now, Instant.now(), null);
    }
  }

  /** An agent that does nothing but end is no process at all: nothing of it is left to clear up. */
  private void breakDown(Fault fault, UserData.StartsAgent agent, Droplet droplet, long then) {
    starts++;
    var now = ++run;
    var since = Instant.now();
    save(file.running(0, 0).booted());
    LOG.infof(
        "agent is broken by a fault: dropletId=%d, image=%s, endsAfterMs=%d, exitCode=%d",
        id, file.images().toRun(), fault.delayMs(), fault.status());
    later(
        Duration.ofMillis(fault.delayMs()),
        () -> ended(agent, droplet, then, now, since, fault.status()));
  }

  /** What watch-agent does of the trial. */
  private void lookAtTrialLater(
      UserData.StartsAgent agent, Droplet droplet, long then, long thisRun) {
    if (file.images() != null && file.images().isOnTrial()) {
      later(parts.trialLookEvery(), () -> lookAtTrial(agent, droplet, then, thisRun));
    }
  }

  private void lookAtTrial(UserData.StartsAgent agent, Droplet droplet, long then, long thisRun) {
    if (then != power || thisRun != run || file.images() == null) {
      return;
    }
    if (trial.watch(file.images(), i -> save(file.withImages(i)))) {
      run++;
      endProcess(true);
      startAgent(agent, droplet, then);
    } else {
      lookAtTrialLater(agent, droplet, then, thisRun);
    }
  }

  private void watch(AgentProcess alive, UserData.StartsAgent agent, Droplet droplet, long then) {
    save(file.running(alive.pid(), alive.startedAt()).booted());
    process = alive;
    var since = Instant.now();
    var now = ++run;
    alive.onExit(code -> then(() -> ended(agent, droplet, then, now, since, code)));
  }

  private void ended(
      UserData.StartsAgent agent,
      Droplet droplet,
      long then,
      long thisRun,
      Instant since,
      Integer exitCode) {
    if (then != power || thisRun != run) {
      return;
    }
    process = null;
    if (file.images() != null) {
      save(file.withImages(file.images().ended(exitCode)));
    }
    lastPause = parts.restarts().pauseAfter(lastPause, Duration.between(since, Instant.now()));
    LOG.infof("agent ended, is started again: dropletId=%d, pauseMs=%d", id, lastPause.toMillis());
    later(lastPause, () -> startAgent(agent, droplet, then));
  }

  private Map<String, String> environment(UserData.StartsAgent agent, Droplet droplet) {
    var all = new LinkedHashMap<>(agent.environment());
    all.put("DTMA_HOST", droplet.address());
    all.put("DTMA_STATE_DIR", directory.resolve("state").toString());
    all.put("DOCKER_HOST", file.dockerHost());
    all.put("DTMA_EXTRA_LABELS", DROPLET_LABEL + "=" + id);
    all.put("MALLOC_ARENA_MAX", "1"); // many agents share this computer's memory
    // A simulated machine shares kernel and host name with all others.
    all.put("DTMA_BOOT_ID", file.bootId());
    all.put("DTMA_HOSTNAME", droplet.spec().name());
    if (file.images() != null) {
      all.put("DTMA_IMAGE", file.images().toRun());
    }
    if (file.agentPort() > 0) {
      all.put("DTMA_PORT", Integer.toString(file.agentPort()));
    }
    return all;
  }

  void powerDown(boolean graceful) {
    then(() -> switchOff(graceful));
  }

  private void switchOff(boolean graceful) {
    power++;
    endProcess(graceful);
    parts.docker().down(id, directory);
  }

  private void endProcess(boolean graceful) {
    if (process != null) {
      process.end(graceful ? parts.stopGrace() : Duration.ZERO);
      process = null;
    }
    save(file.running(0, 0));
  }

  /** The simulator stops gracefully: its machines lose power, and come back with it. */
  CompletableFuture<Void> stopWithSimulator() {
    return CompletableFuture.runAsync(() -> switchOff(true), thread);
  }

  void wipeDisk() {
    then(
        () -> {
          parts.docker().destroy(id, directory);
          Disk.delete(directory.resolve("state"));
          save(MachineFile.NEW);
        });
  }

  void destroy() {
    then(
        () -> {
          power++;
          // On the way out the agent gets its chance, as an operating system would give it.
          endProcess(true);
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
    var current = process;
    return current != null && current.kill();
  }

  MachineReport report() {
    var current = process;
    var alive = current != null && current.isAlive();
    return new MachineReport(
        alive ? current.pid() : null,
        alive,
        starts,
        file.bootId(),
        file.dockerHost(),
        file.agentPort() == 0 ? null : file.agentPort(),
        directory.resolve("agent.log").toString(),
        file.images() == null ? null : file.images().toRun(),
        file.images() != null && file.images().isOnTrial());
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
