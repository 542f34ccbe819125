package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fleet.Addresses;
import io.agentopia.toolbox.simulator.fleet.MachineReport;
import io.agentopia.toolbox.simulator.fleet.Machines;
import io.agentopia.toolbox.simulator.registry.AgentRegistry;
import io.agentopia.toolbox.simulator.store.LedgerFiles;
import io.agentopia.toolbox.simulator.trial.TrialRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Machines whose user-data runs as a process on this computer. */
public final class ProcessMachines implements Machines {
  private static final Logger LOG = Logger.getLogger(ProcessMachines.class);

  private final Map<Long, Machine> machines = new ConcurrentHashMap<>();
  private final LedgerFiles files;
  private final MachineParts parts;
  private final boolean stopOnExit;

  /**
   * @param registry of images of the agent, or null
   */
  public ProcessMachines(
      SimulatorConfig config,
      LedgerFiles files,
      DropletDocker docker,
      AgentPrograms programs,
      Addresses addresses,
      FaultBook faults,
      AgentRegistry registry) {
    this.files = files;
    this.stopOnExit = config.stopDropletsOnExit();
    this.parts =
        new MachineParts(
            programs,
            docker,
            new PhoneHome(),
            config.delays(),
            new RestartPolicy(config.agent().restartAfter(), config.agent().restartCap()),
            config.agent().stopGrace(),
            faults,
            new TrialRules(config.agent().trialStarts(), config.agent().trialLimit()),
            new AgentImages(registry),
            config.agent().trialLookEvery(),
            () -> addresses.own() ? 0 : Addresses.freePort("127.0.0.1"));
  }

  @Override
  public void powerUp(Droplet droplet) {
    machine(droplet.id()).powerUp(droplet);
  }

  @Override
  public void powerDown(Droplet droplet, boolean graceful) {
    machine(droplet.id()).powerDown(graceful);
  }

  @Override
  public void destroy(Droplet droplet) {
    machine(droplet.id()).destroy();
    machines.remove(droplet.id());
  }

  @Override
  public void resume(List<Droplet> all) {
    for (var droplet : all) {
      if (droplet.plan().up()) {
        machine(droplet.id()).resume(droplet);
      } else if (!droplet.isGone()) {
        machine(droplet.id()).powerDown(false);
      }
    }
    var running = AgentCommand.processesUnder(files.directory(0).getParent());
    all.stream()
        .filter(d -> !d.plan().up() && running.containsKey(d.id()))
        .forEach(d -> endLeftovers(d, running.get(d.id())));
  }

  /** The crash may have come between writing down an end and bringing it about. */
  private void endLeftovers(Droplet droplet, List<ProcessHandle> left) {
    LOG.warnf(
        "agent of a machine that is off is ended: dropletId=%d, count=%d",
        droplet.id(), left.size());
    left.forEach(ProcessHandle::destroyForcibly);
    if (droplet.isGone()) {
      destroy(droplet);
    }
  }

  @Override
  public Optional<MachineReport> report(long dropletId) {
    return Optional.ofNullable(machines.get(dropletId)).map(Machine::report);
  }

  @Override
  public boolean killAgent(long dropletId) {
    var machine = machines.get(dropletId);
    return machine != null && machine.killAgent();
  }

  @Override
  public void close() {
    if (stopOnExit) {
      var stops = machines.values().stream().map(Machine::stopWithSimulator);
      CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new))
          .orTimeout(parts.stopGrace().toSeconds() + 15, TimeUnit.SECONDS)
          .handle((done, failure) -> done)
          .join();
      LOG.infof("machines stopped: count=%d", machines.size());
    }
    parts.docker().close();
  }

  private Machine machine(long id) {
    return machines.computeIfAbsent(id, i -> new Machine(i, files.directory(i), parts));
  }
}
