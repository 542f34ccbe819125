package io.agentopia.toolbox.local.droplets;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the container droplets of a stack are, and what they reach there. */
public final class DropletNetwork {
  private static final String NETWORKS = "10.77.";
  private final String prefix;
  private final Map<String, Integer> ports;

  /**
   * @param dir stacks in different directories have different networks, mostly
   * @param ports of everything in the stack
   */
  public DropletNetwork(Path dir, Map<String, Integer> ports) {
    this.prefix = NETWORKS + Math.floorMod(dir.toString().hashCode(), 256);
    this.ports = ports;
  }

  public String prefix() {
    return prefix;
  }

  /**
   * How a droplet reaches what this computer has at a port: through one of the simulator's doors.
   */
  public String reached(int port) {
    return prefix + ".1:" + port;
  }

  /** As the simulator wants them: {@code name:port}. */
  public String doors(String gateway) {
    var registries = Registry.ALL.stream().map(r -> r.door() + ":" + ports.get(r.name()));
    return "gateway:" + ports.get(gateway) + "," + registries.collect(Collectors.joining(","));
  }

  /** The agent's image, as droplets find it, in each registry. */
  public List<String> agentImages() {
    return Registry.ALL.stream().map(r -> image(r, r.repository() + ":latest")).toList();
  }

  /** An image that stands in a registry, as droplets find it. */
  public String image(Registry registry, String repositoryAndTag) {
    return reached(ports.get(registry.name())) + "/" + repositoryAndTag;
  }
}
