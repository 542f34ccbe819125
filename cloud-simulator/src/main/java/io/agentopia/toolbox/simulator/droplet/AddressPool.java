package io.agentopia.toolbox.simulator.droplet;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Hands out addresses of 127.77.0.0/16, one after the other from a start of its own, so that two
 * simulators on one machine rarely meet and an address rests before it is used again.
 */
public final class AddressPool {
  private static final int SIZE = 255 * 254;

  /** More unusable addresses in a row than this are no accident. */
  private static final int MOST_TRIES = 1000;

  private int next;

  public AddressPool(int start) {
    this.next = Math.floorMod(start, SIZE);
  }

  /**
   * @param taken addresses of living droplets
   * @param usable whether the agent's and the engine's port can be bound there
   * @return empty when there is none
   */
  public Optional<String> take(Set<String> taken, Predicate<String> usable) {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var address = address(next);
      next = (next + 1) % SIZE;
      if (!taken.contains(address) && usable.test(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  static String address(int index) {
    return "127.77." + (1 + index / 254) + "." + (1 + index % 254);
  }
}
