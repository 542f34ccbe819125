package io.agentopia.toolbox.simulator.droplet;

import java.util.List;

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
    List<Long> sshKeys,
    boolean backups,
    boolean ipv6,
    boolean monitoring,
    String vpcUuid,
    String userData) {

  public Spec named(String newName) {
    return new Spec(
        newName, region, size, imageId, sshKeys, backups, ipv6, monitoring, vpcUuid, userData);
  }

  public Spec sized(String newSize) {
    return new Spec(
        name, region, newSize, imageId, sshKeys, backups, ipv6, monitoring, vpcUuid, userData);
  }

  public Spec imaged(long newImage) {
    return new Spec(
        name, region, size, newImage, sshKeys, backups, ipv6, monitoring, vpcUuid, userData);
  }

  public Spec backedUp(boolean on) {
    return new Spec(name, region, size, imageId, sshKeys, on, ipv6, monitoring, vpcUuid, userData);
  }

  public Spec withIpv6() {
    return new Spec(
        name, region, size, imageId, sshKeys, backups, true, monitoring, vpcUuid, userData);
  }

  public Spec withoutSecrets() {
    return new Spec(name, region, size, imageId, sshKeys, backups, ipv6, monitoring, vpcUuid, null);
  }

  @Override
  public String toString() {
    return "Spec[" + name + ", " + region + ", " + size + "]";
  }
}
