package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What shall run: one container. Environment values are plain configuration; a secret never travels
 * in an event.
 *
 * @param image any reference Docker accepts, for example {@code
 *     docker.io/library/debian:bookworm-slim}
 * @param command arguments that replace the image's own command; empty: the image's own
 * @param memoryMb memory limit, MiB
 * @param cpus CPU limit, cores
 */
public record ToolSpec(
    String image,
    List<String> command,
    Map<String, String> environment,
    List<Port> ports,
    int memoryMb,
    double cpus,
    boolean readOnlyRoot) {

  public static final int DEFAULT_MEMORY_MB = 256;
  public static final double DEFAULT_CPUS = 0.5;

  public ToolSpec {
    Required.text("image", image);
    command = Required.elements("command", command);
    environment = Required.variables("environment", environment);
    ports = Required.elements("ports", ports);
    memoryMb = memoryMb == 0 ? DEFAULT_MEMORY_MB : memoryMb;
    cpus = cpus == 0 ? DEFAULT_CPUS : cpus;
  }

  /**
   * @param hostPort port on the droplet's loopback address, or null: the agent picks a free one
   * @param protocol {@code tcp} (default) or {@code udp}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Port(int containerPort, @Nullable Integer hostPort, String protocol) {
    public Port {
      protocol = protocol == null || protocol.isBlank() ? "tcp" : protocol;
    }

    /** What of the droplet it takes, for example {@code 8080/tcp}; only where a host port is. */
    public String onHost() {
      return hostPort + "/" + protocol;
    }
  }
}
