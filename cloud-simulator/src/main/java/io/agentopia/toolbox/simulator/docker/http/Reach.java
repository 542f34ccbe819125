package io.agentopia.toolbox.simulator.docker.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * What can be known of a registry from its host's name alone. A droplet's engine would ask any of
 * them; from this machine only some can be asked.
 */
enum Reach {
  /** A public name or address: taken as there, since this machine may have no way to it. */
  WORLD,
  /** Of this machine or its network: it is asked. */
  NEAR,
  /** A name that nobody can have. */
  NO_HOST,
  /** An address that nobody can have. */
  NO_ANSWER;

  /** RFC 6761, RFC 2606, RFC 7686 and RFC 9476. */
  private static final Set<String> NOBODYS =
      Set.of(
          "invalid",
          "test",
          "example",
          "onion",
          "alt",
          "example.com",
          "example.net",
          "example.org");

  /** RFC 6761, RFC 6762, RFC 8375, and what ICANN keeps for private networks. */
  private static final Set<String> PRIVATE = Set.of("localhost", "local", "home.arpa", "internal");

  /** RFC 5737: for examples in texts. */
  private static final Set<String> DOCUMENTATION = Set.of("192.0.2.", "198.51.100.", "203.0.113.");

  /**
   * @param host without a port; null: Docker Hub
   */
  static Reach of(String host) {
    if (host == null) {
      return WORLD;
    }
    var name = host.toLowerCase(Locale.ROOT);
    if (name.matches("[0-9.]+")) {
      return ofAddress(name);
    }
    if (isBelow(name, NOBODYS)) {
      return NO_HOST;
    }
    return isBelow(name, PRIVATE) || !name.contains(".") ? NEAR : WORLD;
  }

  private static Reach ofAddress(String text) {
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return NO_HOST;
    }
    if (address.isMulticastAddress() || DOCUMENTATION.stream().anyMatch(text::startsWith)) {
      return NO_ANSWER;
    }
    var isNear =
        address.isLoopbackAddress()
            || address.isSiteLocalAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress();
    return isNear ? NEAR : WORLD;
  }

  private static boolean isBelow(String name, Set<String> domains) {
    return domains.stream().anyMatch(d -> name.equals(d) || name.endsWith("." + d));
  }
}
