package io.agentopia.toolbox.simulator.docker;

import io.agentopia.toolbox.simulator.boot.Disk;
import io.agentopia.toolbox.simulator.boot.DropletDocker;
import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineProfile;
import io.agentopia.toolbox.simulator.docker.http.EngineServer;
import io.agentopia.toolbox.simulator.docker.http.Registry;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fleet.Addresses;
import io.agentopia.toolbox.simulator.store.AtomicFile;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** An engine of its own for every droplet, at the droplet's address. */
public final class SimulatedDocker implements DropletDocker {
  private static final Logger LOG = Logger.getLogger(SimulatedDocker.class);
  private static final long TICK_MS = 50;
  private static final long MIB = 1024L * 1024L;
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Running(Engine engine, EngineServer server, Path file, String host) {
    /** One writer at a time, and never an older state after a newer one. */
    void save() {
      synchronized (engine) {
        if (engine.isChanged()) {
          AtomicFile.write(file, engine.snapshot());
        }
      }
    }
  }

  private final Map<Long, Running> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("engine-ticker").factory());
  private final Vertx vertx;
  private final Clock clock;
  private final FaultBook faults;
  private final Pattern missing;
  private final boolean ownAddresses;

  public SimulatedDocker(
      Vertx vertx, Clock clock, FaultBook faults, Pattern missing, boolean ownAddresses) {
    this.vertx = vertx;
    this.clock = clock;
    this.faults = faults;
    this.missing = missing;
    this.ownAddresses = ownAddresses;
    ticker.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    for (var one : running.values()) {
      try {
        one.engine().tick(clock.instant());
        one.save();
      } catch (RuntimeException e) {
        LOG.errorf(e, "engine could not go on: host=%s", one.host());
      }
    }
  }

  @Override
  public String up(Droplet droplet, Path directory, String lastHost) {
    return running.computeIfAbsent(droplet.id(), id -> open(droplet, directory, lastHost)).host();
  }

  private Running open(Droplet droplet, Path directory, String lastHost) {
    var file = directory.resolve("engine.json");
    var engine = Engine.on(content(file), profile(droplet), SimulatedDocker::id, clock.instant());
    engine.powerOn(clock.instant());
    var registry = new Registry(faults, missing, droplet.id());
    var holder = new Running[1];
    var server = new EngineServer(vertx, engine, clock, registry, () -> holder[0].save());
    var port = listen(server, droplet.address(), lastHost);
    var host = "tcp://" + droplet.address() + ":" + port;
    holder[0] = new Running(engine, server, file, host);
    holder[0].save();
    LOG.infof("engine is up: dropletId=%d, host=%s", droplet.id(), host);
    return holder[0];
  }

  /** On a shared address the port of before is tried first: an agent that lives on knows it. */
  private int listen(EngineServer server, String address, String lastHost) {
    if (ownAddresses) {
      return server.listen(address, Addresses.DOCKER_PORT);
    }
    try {
      var before = lastHost == null ? -1 : URI.create(lastHost).getPort();
      return server.listen(address, Math.max(before, 0));
    } catch (IllegalStateException taken) {
      return server.listen(address, 0);
    }
  }

  private static byte[] content(Path file) {
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file + " failed", e);
    }
  }

  private static EngineProfile profile(Droplet droplet) {
    var size = Catalog.size(droplet.spec().size()).orElseThrow();
    return new EngineProfile(droplet.spec().name(), size.vcpus(), size.memory() * MIB);
  }

  private static String id() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void down(long dropletId, Path directory) {
    var one = running.remove(dropletId);
    if (one != null) {
      one.server().close();
      one.engine().powerOff(clock.instant());
      one.save();
    }
  }

  @Override
  public void destroy(long dropletId, Path directory) {
    down(dropletId, directory);
    Disk.delete(directory.resolve("engine.json"));
  }

  @Override
  public void close() {
    ticker.shutdown();
    running.values().forEach(r -> r.server().close());
    running.values().forEach(Running::save);
  }
}
