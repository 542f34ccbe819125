package io.agentopia.toolbox.local;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/** Which port each component gets. */
final class PortChoice {
  private PortChoice() {}

  /**
   * The port it had last time: addresses are remembered, droplets call the gateway's, clients the
   * broker's. The first time the usual one, if it is free, else any; none twice.
   *
   * @param usual the usual port of each component; 0: none, take any
   * @throws IllegalStateException if one of the last time is taken; it says by whom
   */
  static Map<String, Integer> of(
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
}
