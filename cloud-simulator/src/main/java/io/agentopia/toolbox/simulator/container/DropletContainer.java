package io.agentopia.toolbox.simulator.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.util.List;
import java.util.Map;

/**
 * How a droplet's container is made: room for systemd, cloud-init and a Docker engine inside, yet
 * not {@code --privileged}, which some hosts refuse.
 */
final class DropletContainer {
  static final String DROPLET_LABEL = "io.agentopia.simulator.droplet-container";
  static final String OWNER_LABEL = "io.agentopia.simulator.data-dir";

  private DropletContainer() {}

  /** Docker's {@code systempaths=unconfined}, which only its command line knows by that name. */
  static final class OpenPaths extends HostConfig {
    @JsonProperty("MaskedPaths")
    final List<String> maskedPaths = List.of();

    @JsonProperty("ReadonlyPaths")
    final List<String> readonlyPaths = List.of();
  }

  static String name(Droplet droplet) {
    return "droplet-" + droplet.id();
  }

  static CreateContainerCmd create(
      DockerClient docker, String image, String network, String owner, Droplet droplet) {
    return docker
        .createContainerCmd(image)
        .withName(name(droplet))
        .withHostName(hostname(droplet.spec().name()))
        .withLabels(Map.of(DROPLET_LABEL, Long.toString(droplet.id()), OWNER_LABEL, owner))
        .withIpv4Address(droplet.address())
        .withHostConfig(rights().withNetworkMode(network));
  }

  private static HostConfig rights() {
    return new OpenPaths()
        .withCapAdd(Capability.ALL)
        .withCapDrop(Capability.SYS_RESOURCE)
        .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
        .withCgroupnsMode("private")
        .withTmpFs(Map.of("/run", "", "/run/lock", "", "/tmp", "exec"));
  }

  /** The kernel takes 64 characters. */
  private static String hostname(String name) {
    return name.length() <= 63 ? name : name.substring(0, 63).replaceAll("[-.]+$", "");
  }
}
