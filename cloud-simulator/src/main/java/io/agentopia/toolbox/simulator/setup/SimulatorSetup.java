package io.agentopia.toolbox.simulator.setup;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.boot.AgentCommand;
import io.agentopia.toolbox.simulator.boot.ProcessMachines;
import io.agentopia.toolbox.simulator.container.ContainerMachines;
import io.agentopia.toolbox.simulator.container.PortForwards;
import io.agentopia.toolbox.simulator.docker.Dockers;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fleet.Addresses;
import io.agentopia.toolbox.simulator.fleet.FaultPlan;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import io.agentopia.toolbox.simulator.fleet.Machines;
import io.agentopia.toolbox.simulator.light.ChosenAgents;
import io.agentopia.toolbox.simulator.light.LightAgents;
import io.agentopia.toolbox.simulator.registry.AgentRegistry;
import io.agentopia.toolbox.simulator.store.LedgerFiles;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Puts the parts together, lets time pass for them, and ends them. */
@ApplicationScoped
public class SimulatorSetup {
  private static final Logger LOG = Logger.getLogger(SimulatorSetup.class);
  private static final long TICK_MS = 50;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fleet-ticker").factory());

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  FaultBook faults() {
    return new FaultBook(new Random());
  }

  @Produces
  @Singleton
  LedgerFiles files(SimulatorConfig config) {
    return new LedgerFiles(config.dataDir());
  }

  @Produces
  @Singleton
  Addresses addresses(SimulatorConfig config) {
    return switch (config.droplets()) {
      case PROCESS -> new Addresses(config.addresses(), config.dataDir());
      case CONTAINER -> Addresses.ofNetwork(config.containers().networkPrefix());
    };
  }

  @Produces
  @Singleton
  PortForwards doors(SimulatorConfig config, Vertx vertx) {
    return new PortForwards(vertx, config.containers().doors().orElse(List.of()));
  }

  @Produces
  @Singleton
  Machines machines(
      SimulatorConfig config,
      LedgerFiles files,
      Addresses addresses,
      Vertx vertx,
      Clock clock,
      FaultBook faults,
      ChosenAgents agents,
      PortForwards doors) {
    return switch (config.droplets()) {
      case PROCESS -> {
        var docker = Dockers.choose(config, vertx, clock, faults, addresses.own());
        yield new ProcessMachines(
            config, files, docker, agents, addresses, faults, registry(config, vertx, faults));
      }
      case CONTAINER -> ContainerMachines.open(config, doors);
    };
  }

  @Produces
  @Singleton
  ChosenAgents agents(SimulatorConfig config, Vertx vertx) {
    return new ChosenAgents(
        new AgentCommand(config.agent()), new LightAgents(vertx), config.agent().kind());
  }

  private static AgentRegistry registry(SimulatorConfig config, Vertx vertx, FaultBook faults) {
    return config
        .agentRegistryPort()
        .map(port -> new AgentRegistry(vertx, faults, port, config.dataDir()).open())
        .orElse(null);
  }

  @Produces
  @Singleton
  Fleet fleet(
      SimulatorConfig config,
      LedgerFiles files,
      Machines machines,
      Addresses addresses,
      Clock clock,
      FaultBook faults) {
    return new Fleet(files, machines, new FaultPlan(config.delays(), faults), addresses, clock);
  }

  void start(@Observes StartupEvent event, Fleet fleet) {
    fleet.resume();
    ticker.scheduleWithFixedDelay(() -> tick(fleet), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private static void tick(Fleet fleet) {
    try {
      fleet.tick();
    } catch (RuntimeException e) {
      LOG.error("time could not pass for the droplets", e);
    }
  }

  /** Before Vert.x goes, which the engines need to the last. */
  void stop(@Observes @Priority(1) ShutdownEvent event, Machines machines)
      throws InterruptedException {
    ticker.shutdown();
    ticker.awaitTermination(5, TimeUnit.SECONDS);
    machines.close();
  }
}
