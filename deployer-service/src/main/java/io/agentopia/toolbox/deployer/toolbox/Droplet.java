package io.agentopia.toolbox.deployer.toolbox;

/**
 * The toolbox's present droplet, as far as it concerns deploying.
 *
 * @param generation 1 for the first; 0 before there is one
 * @param ipv4 its address, or null while it is not known
 * @param agentPort the agent's port, 0 while it is not known
 * @param healthy the health service's last word on it
 */
public record Droplet(long generation, String ipv4, int agentPort, boolean healthy) {
  static Droplet fresh(long generation) {
    return new Droplet(generation, null, 0, false);
  }

  Droplet at(String address, int port) {
    return new Droplet(generation, address, port, healthy);
  }

  Droplet found(boolean isHealthy) {
    return new Droplet(generation, ipv4, agentPort, isHealthy);
  }
}
