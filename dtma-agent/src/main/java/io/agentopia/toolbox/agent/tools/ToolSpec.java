package io.agentopia.toolbox.agent.tools;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * What a container is made of: whatever is in here it takes over only by being replaced. A new
 * field belongs in here, and is part of {@link #hash()} by that alone.
 *
 * @param command replaces the image's own command; empty: the image's own
 */
public record ToolSpec(
    String image,
    List<String> command,
    Map<String, String> environment,
    List<Port> ports,
    @JsonUnwrapped Limits limits) {

  /** Of an entry that names none; no container can be made of it. */
  static final ToolSpec NONE = new ToolSpec(null, null, null, null, null);

  /**
   * @param memoryMb memory limit, MiB
   * @param cpus CPU limit, cores
   */
  public record Limits(int memoryMb, double cpus, boolean readOnlyRoot) {
    private static final int DEFAULT_MEMORY_MB = 256;
    private static final double DEFAULT_CPUS = 0.5;

    public Limits {
      memoryMb = memoryMb <= 0 ? DEFAULT_MEMORY_MB : memoryMb;
      cpus = cpus <= 0 ? DEFAULT_CPUS : cpus;
    }
  }

  public ToolSpec {
    command = command == null ? List.of() : List.copyOf(command);
    environment = environment == null ? Map.of() : Map.copyOf(environment);
    ports = ports == null ? List.of() : List.copyOf(ports);
    limits = limits == null ? new Limits(0, 0, false) : limits;
  }

  /** Changes when anything in here does; see {@link SpecHash}. */
  public String hash() {
    return SpecHash.of(this, this);
  }

  /** The environment holds secrets. */
  @Override
  public String toString() {
    return "ToolSpec[" + image + "]";
  }
}
