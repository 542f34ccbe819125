package io.agentopia.toolbox.deployer.toolbox;

/**
 * The toolbox's present droplet, as far as it concerns deploying.
 *
 * @param generation 1 for the first; 0 before there is one
 * @param healthy the health service's last word on it
 */
public record Droplet(long generation, boolean healthy) {
  static Droplet fresh(long generation) {
    return new Droplet(generation, false);
  }

  Droplet found(boolean isHealthy) {
    return new Droplet(generation, isHealthy);
  }
}
