package io.agentopia.toolbox.simulator.container;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fleet.Addresses;
import io.agentopia.toolbox.simulator.fleet.MachineReport;
import io.agentopia.toolbox.simulator.fleet.Machines;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Droplets as containers: each has systemd, runs its user-data with the real cloud-init, and has a
 * Docker engine of its own. Power is the container's, the disk is its file system and volume. For
 * one droplet everything happens in the order asked for.
 */
public final class ContainerMachines implements Machines {
  private static final Logger LOG = Logger.getLogger(ContainerMachines.class);
  private static final Duration EXEC_PATIENCE = Duration.ofSeconds(10);
  private static final Duration AGENT_PATIENCE = Duration.ofMillis(500);

  private final Map<Long, CompletableFuture<Void>> queues = new ConcurrentHashMap<>();
  private final Map<Long, Droplet> known = new ConcurrentHashMap<>();
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
  private final DropletEngine engine;
  private final Duration stopGrace;
  private final boolean stopOnExit;

  private ContainerMachines(DropletEngine engine, Duration stopGrace, boolean stopOnExit) {
    this.engine = engine;
    this.stopGrace = stopGrace;
    this.stopOnExit = stopOnExit;
  }

  /** With the droplets' network there, and the doors open at its gateway. */
  public static ContainerMachines open(SimulatorConfig config, PortForwards doors) {
    var docker =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(config.dockerHost())
            .build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(docker.getDockerHost())
            .sslConfig(docker.getSSLConfig())
            .connectionTimeout(Duration.ofSeconds(2))
            .responseTimeout(Duration.ofSeconds(90))
            .build();
    var containers = config.containers();
    var owner = config.dataDir().toAbsolutePath().normalize().toString();
    var client = DockerClientImpl.getInstance(docker, http);
    var engine = new DropletEngine(client, containers.image(), owner, containers.networkPrefix());
    engine.requireImage();
    engine.provideNetwork();
    doors.open(engine.gateway());
    return new ContainerMachines(engine, containers.stopGrace(), config.stopDropletsOnExit());
  }

  @Override
  public void powerUp(Droplet droplet) {
    known.put(droplet.id(), droplet);
    then(droplet, "power on", () -> engine.start(droplet));
  }

  @Override
  public void powerDown(Droplet droplet, boolean graceful) {
    var grace = graceful ? stopGrace : Duration.ZERO;
    then(droplet, "power off", () -> engine.stop(DropletContainer.name(droplet), grace));
  }

  @Override
  public void destroy(Droplet droplet) {
    then(droplet, "destroy", () -> engine.remove(DropletContainer.name(droplet)));
    known.remove(droplet.id());
  }

  @Override
  public void resume(List<Droplet> all) {
    var living = new ConcurrentHashMap<String, Droplet>();
    all.stream().filter(d -> !d.isGone()).forEach(d -> living.put(DropletContainer.name(d), d));
    for (var container : engine.all()) {
      var name = container.getNames()[0].substring(1);
      if (!living.containsKey(name)) {
        LOG.warnf("container without a droplet is removed: container=%s", name);
        engine.remove(name);
      }
    }
    for (var droplet : living.values()) {
      if (droplet.plan().up()) {
        powerUp(droplet);
      } else {
        powerDown(droplet, false);
      }
    }
  }

  @Override
  public Optional<MachineReport> report(long dropletId) {
    return Optional.ofNullable(known.get(dropletId)).map(this::report);
  }

  private MachineReport report(Droplet droplet) {
    var name = DropletContainer.name(droplet);
    var log = "docker exec " + name + " journalctl -u dtma.service";
    var alive = engine.isRunning(name) && agentListens(droplet.address());
    return new MachineReport(null, alive, 0, null, null, null, log, null, false);
  }

  private static boolean agentListens(String address) {
    try (var socket = new Socket()) {
      var agent = new InetSocketAddress(address, Addresses.AGENT_PORT);
      socket.connect(agent, (int) AGENT_PATIENCE.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean killAgent(long dropletId) {
    var droplet = known.get(dropletId);
    return droplet != null
        && engine.isRunning(DropletContainer.name(droplet))
        && engine.run(
            DropletContainer.name(droplet), EXEC_PATIENCE, "docker", "kill", "-s", "KILL", "dtma");
  }

  @Override
  public void close() {
    if (stopOnExit) {
      known.values().forEach(d -> powerDown(d, true));
    }
    CompletableFuture.allOf(queues.values().toArray(CompletableFuture[]::new))
        .orTimeout(stopGrace.toSeconds() + 15, TimeUnit.SECONDS)
        .handle((done, failure) -> done)
        .join();
    try (engine) {
      if (engine.all().isEmpty()) {
        engine.removeNetwork();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warnf("the droplets' network stays: cause=%s", e.toString());
    }
  }

  private void then(Droplet droplet, String what, Runnable work) {
    queues.compute(
        droplet.id(),
        (id, before) ->
            (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                .thenRunAsync(() -> carryOut(droplet, what, work), threads));
  }

  /** The next order is carried out even when this one fails. */
  private static void carryOut(Droplet droplet, String what, Runnable work) {
    try {
      work.run();
      LOG.infof("machine did as told: dropletId=%d, order=%s", droplet.id(), what);
    } catch (RuntimeException e) {
      LOG.errorf(
          "machine could not do as told: dropletId=%d, order=%s, cause=%s",
          droplet.id(), what, e.toString());
    }
  }
}
