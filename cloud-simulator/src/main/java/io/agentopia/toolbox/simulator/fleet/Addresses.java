package io.agentopia.toolbox.simulator.fleet;

import io.agentopia.toolbox.simulator.SimulatorConfig.AddressMode;
import io.agentopia.toolbox.simulator.droplet.AddressPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Public addresses of the droplets. Droplets that are containers have those of their network. For
 * processes: on Linux every address of 127.0.0.0/8 can be bound, so each droplet has its own and
 * its agent listens on the usual port. On macOS only 127.0.0.1 can: all droplets are there, and
 * each agent is told a free port.
 */
public final class Addresses {
  /** The agent's usual port. */
  public static final int AGENT_PORT = 30000;

  /** The simulated engine's. */
  public static final int DOCKER_PORT = 2375;

  private static final String SHARED = "127.0.0.1";
  private static final String PROBE = "127.77.0.1";

  private final boolean own;
  private final boolean reserved;
  private final AddressPool pool;

  private Addresses(AddressPool network) {
    this.own = true;
    this.reserved = true;
    this.pool = network;
  }

  /** Addresses of a Docker network that nobody else hands out. */
  public static Addresses ofNetwork(String prefix) {
    return new Addresses(AddressPool.network(prefix));
  }

  public Addresses(AddressMode mode, Path dataDir) {
    this.reserved = false;
    this.own =
        switch (mode) {
          case OWN -> true;
          case SHARED -> false;
          case AUTO -> canBind(PROBE, 0);
        };
    this.pool = AddressPool.loopback(dataDir.toAbsolutePath().normalize().toString().hashCode());
  }

  /** Whether each droplet has an address of its own. */
  public boolean own() {
    return own;
  }

  Optional<String> take(Set<String> taken) {
    return own
        ? pool.take(taken, a -> reserved || canBind(a, AGENT_PORT) && canBind(a, DOCKER_PORT))
        : Optional.of(SHARED);
  }

  public static int freePort(String address) {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free at " + address, e);
    }
  }

  private static boolean canBind(String address, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
