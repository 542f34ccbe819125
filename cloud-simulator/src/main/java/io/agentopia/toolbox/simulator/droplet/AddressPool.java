package io.agentopia.toolbox.simulator.droplet;

import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Hands out addresses, one after the other from a start of its own, so that two simulators on one
 * machine rarely meet and an address rests before it is used again.
 */
public final class AddressPool {
  private static final int LOOPBACK_SIZE = 255 * 254;

  /** Of a network of 256: neither its ends nor the gateway. */
  private static final int NETWORK_SIZE = 253;

  /** More unusable addresses in a row than this are no accident. */
  private static final int MOST_TRIES = 1000;

  private final IntFunction<String> addresses;
  private final int size;
  private int next;

  private AddressPool(IntFunction<String> addresses, int size, int start) {
    this.addresses = addresses;
    this.size = size;
    this.next = Math.floorMod(start, size);
  }

  /** Addresses of 127.77.0.0/16. */
  public static AddressPool loopback(int start) {
    return new AddressPool(AddressPool::address, LOOPBACK_SIZE, start);
  }

  /**
   * @param prefix the first three numbers of a network of 256 addresses, as {@code 10.77.5}
   */
  public static AddressPool network(String prefix) {
    return new AddressPool(index -> prefix + "." + (2 + index), NETWORK_SIZE, 0);
  }

  /**
   * @param taken addresses of living droplets
   * @param usable whether the agent's and the engine's port can be bound there
   * @return empty when there is none
   */
  public Optional<String> take(Set<String> taken, Predicate<String> usable) {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var address = addresses.apply(next);
      next = (next + 1) % size;
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
