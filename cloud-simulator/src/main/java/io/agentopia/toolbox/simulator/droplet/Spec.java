package io.agentopia.toolbox.simulator.droplet;

/**
 * What was asked for.
 *
 * @param userData null when none was sent, and once the droplet is gone: it carries a join token
 * @param vpcUuid null when none was asked for
 */
public record Spec(
    String name,
    String region,
    String size,
    long imageId,
    boolean backups,
    boolean ipv6,
    boolean monitoring,
    String vpcUuid,
    String userData) {

  public Spec withoutSecrets() {
    return new Spec(name, region, size, imageId, backups, ipv6, monitoring, vpcUuid, null);
  }

  @Override
  public String toString() {
    return "Spec[" + name + ", " + region + ", " + size + "]";
  }
}
