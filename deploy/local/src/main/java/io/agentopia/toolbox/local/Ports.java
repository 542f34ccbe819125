package io.agentopia.toolbox.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/** Which port each component gets. */
public final class Ports {
  private Ports() {}

  /**
   * The port it had last time: addresses are remembered, droplets call the gateway's, clients the
   * broker's. The first time the usual one, if it is free, else any; none twice.
   *
   * @param usual the usual port of each component; 0: none, take any
   * @throws IllegalStateException if one of the last time is taken; it says by whom
   */
  static Map<String, Integer> choose(
      Map<String, Integer> usual, Map<String, Integer> last, IntPredicate free, IntSupplier any) {
    var chosen = new LinkedHashMap<String, Integer>();
    var taken = new HashSet<Integer>();
    usual.forEach(
        (name, port) -> {
          var before = last.get(name);
          if (before != null && !usable(before, taken, free)) {
            throw taken(name, before);
          }
          int found = before != null ? before : port;
          while (!usable(found, taken, free)) {
            found = any.getAsInt();
          }
          taken.add(found);
          chosen.put(name, found);
        });
    return chosen;
  }

  private static IllegalStateException taken(String name, int port) {
    return new IllegalStateException(
        ("port %d, which %s had last time, is taken by %s. Toolboxes that were made before, and"
                + " clients, call it there. Stop that program and start again; or take other ports"
                + " with ./toolbox up --new-ports: agents made before then do not find their way home.")
            .formatted(port, name, PortHolder.of(port)));
  }

  private static boolean usable(int port, HashSet<Integer> taken, IntPredicate free) {
    return port > 0 && !taken.contains(port) && free.test(port);
  }

  /** A port that nobody listens on, on any address of this machine. */
  public static boolean isFree(int port) {
    return canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        && canBind(new InetSocketAddress(port));
  }

  public static int anyFree() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  private static boolean canBind(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      // A connection of the last run that still lingers is no reason to move away.
      socket.setReuseAddress(true);
      socket.bind(address, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
