package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import io.agentopia.toolbox.simulator.trial.HostImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What dtma.service and its watch are on a real droplet: the agent is started whenever it has
 * ended, from the image that is proven or on trial. Used on the machine's thread only; {@code run}
 * counts the starts, so what belongs to an earlier one is recognised and dropped.
 */
final class AgentUnit {
  private static final Logger LOG = Logger.getLogger(AgentUnit.class);
  static final String DROPLET_LABEL = "io.agentopia.simulator.droplet";

  /** The machine, as far as its unit needs it. */
  interface Host {
    MachineFile file();

    void save(MachineFile changed);

    void later(Duration pause, Runnable work);
  }

  /** What is started: what the user-data says, on this droplet. */
  record Job(UserData.StartsAgent agent, Droplet droplet) {}

  private final long id;
  private final Path directory;
  private final MachineParts parts;
  private final HostTrial trial;
  private final Host host;
  private long run;
  private volatile RunningAgent process;
  private volatile int starts;
  private Duration lastPause = Duration.ZERO;

  AgentUnit(long id, Path directory, MachineParts parts, Host host) {
    this.id = id;
    this.directory = directory;
    this.parts = parts;
    this.host = host;
    this.trial = new HostTrial(directory.resolve("state"), parts.trials());
  }

  /** After the machine came up: nothing that was before counts. */
  void start(Job job) {
    run++;
    lastPause = Duration.ZERO;
    startAgent(job);
  }

  /** The agent lived on while the simulator did not. */
  void adopt(AgentProcess alive, Job job) {
    LOG.infof("agent taken over: dropletId=%d, pid=%d", id, alive.pid());
    watch(alive, job);
    lookAtTrialLater(job, run);
  }

  void stop(boolean graceful) {
    run++;
    endProcess(graceful);
  }

  private void endProcess(boolean graceful) {
    if (process != null) {
      process.end(graceful ? parts.stopGrace() : Duration.ZERO);
      process = null;
    }
    host.save(host.file().running(0, 0));
  }

  private void startAgent(Job job) {
    var missing = parts.programs().missing(directory);
    if (missing != null) {
      LOG.errorf("agent cannot be started: dropletId=%d, cause=%s", id, missing);
      parts.phoneHome().tell(id, job.agent().environment(), "failed", missing);
      return;
    }
    var broken = chooseImage(job).flatMap(image -> strike(job.droplet(), image));
    if (broken.isPresent()) {
      breakDown(broken.get(), job);
    } else {
      startProcess(job);
    }
    lookAtTrialLater(job, run);
  }

  /** What run-agent does: the image on trial, or the proven one; empty where none is named. */
  private Optional<String> chooseImage(Job job) {
    if (images().isEmpty()) {
      parts.images().pinned(job.agent().images()).ifPresent(i -> keep(HostImages.proven(i)));
    }
    return images().map(i -> trial.start(i, this::keep).toRun());
  }

  private Optional<HostImages> images() {
    return Optional.ofNullable(host.file().images());
  }

  private void keep(HostImages images) {
    host.save(host.file().withImages(images));
  }

  private Optional<Fault> strike(Droplet droplet, String image) {
    var spec = droplet.spec();
    var target = Target.agent(id, spec.name(), droplet.tags(), spec.region(), image);
    return parts.faults().strike(FaultKind.BROKEN_AGENT, target);
  }

  private void startProcess(Job job) {
    try {
      var started = parts.programs().start(id, directory, environment(job));
      starts++;
      LOG.infof(
          "agent started: dropletId=%d, pid=%d, address=%s",
          id, started.pid(), job.droplet().address());
      watch(started, job);
    } catch (IOException e) {
      LOG.errorf(e, "agent cannot be started: dropletId=%d", id);
      ended(job, ++run, Instant.now(), null);
    }
  }

  /** An agent that does nothing but end is no process at all: nothing of it is left to clear up. */
  private void breakDown(Fault fault, Job job) {
    starts++;
    var thisRun = ++run;
    var since = Instant.now();
    host.save(host.file().running(0, 0).booted());
    LOG.infof(
        "agent is broken by a fault: dropletId=%d, endsAfterMs=%d, exitCode=%d",
        id, fault.delayMs(), fault.status());
    host.later(
        Duration.ofMillis(fault.delayMs()), () -> ended(job, thisRun, since, fault.status()));
  }

  private void watch(RunningAgent alive, Job job) {
    host.save(host.file().running(alive.pid(), alive.startedAt()).booted());
    process = alive;
    var since = Instant.now();
    var thisRun = ++run;
    alive.onExit(code -> host.later(Duration.ZERO, () -> ended(job, thisRun, since, code)));
  }

  private void ended(Job job, long thisRun, Instant since, Integer exitCode) {
    if (thisRun != run) {
      return;
    }
    process = null;
    images().ifPresent(i -> keep(i.ended(exitCode)));
    lastPause = parts.restarts().pauseAfter(lastPause, Duration.between(since, Instant.now()));
    LOG.infof("agent ended, is started again: dropletId=%d, pauseMs=%d", id, lastPause.toMillis());
    host.later(
        lastPause,
        () -> {
          if (thisRun == run) {
            startAgent(job);
          }
        });
  }

  /** What watch-agent does of a trial. */
  private void lookAtTrialLater(Job job, long thisRun) {
    if (images().filter(HostImages::isOnTrial).isPresent()) {
      host.later(parts.trialLookEvery(), () -> lookAtTrial(job, thisRun));
    }
  }

  private void lookAtTrial(Job job, long thisRun) {
    if (thisRun != run || images().isEmpty()) {
      return;
    }
    if (trial.watch(images().get(), this::keep)) {
      stop(true);
      startAgent(job);
    } else {
      lookAtTrialLater(job, thisRun);
    }
  }

  private Map<String, String> environment(Job job) {
    var file = host.file();
    var all = new LinkedHashMap<>(job.agent().environment());
    all.put("DTMA_HOST", job.droplet().address());
    all.put("DTMA_STATE_DIR", directory.resolve("state").toString());
    all.put("DOCKER_HOST", file.dockerHost());
    all.put("DTMA_EXTRA_LABELS", DROPLET_LABEL + "=" + id);
    all.put("MALLOC_ARENA_MAX", "1"); // many agents share this computer's memory
    // A simulated machine shares kernel and host name with all others.
    all.put("DTMA_BOOT_ID", file.bootId());
    all.put("DTMA_HOSTNAME", job.droplet().spec().name());
    images().ifPresent(i -> all.put("DTMA_IMAGE", i.toRun()));
    if (file.agentPort() > 0) {
      all.put("DTMA_PORT", Integer.toString(file.agentPort()));
    }
    return all;
  }

  boolean isAlive() {
    var current = process;
    return current != null && current.isAlive();
  }

  boolean kill() {
    var current = process;
    return current != null && current.kill();
  }

  /** Null when no agent runs. */
  Long pid() {
    var current = process;
    return current != null && current.isAlive() ? current.pid() : null;
  }

  int starts() {
    return starts;
  }
}
