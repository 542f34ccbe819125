package io.agentopia.toolbox.events;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What agents measure of their droplets, by its name on the wire. One that an agent or a reader
 * does not know is left out, so that a new one is this line, who reads it and who judges it.
 */
public enum Measurement {
  CPU_PERCENT("cpuPercent", 100, false),
  MEMORY_PERCENT("memoryPercent", 100, false),
  DISK_PERCENT("diskPercent", 100, false),
  MEMORY_TOTAL_BYTES("memoryTotalBytes", 1L << 53, true),
  DISK_TOTAL_BYTES("diskTotalBytes", 1L << 53, true),
  DOCKER_CONTAINERS("dockerContainers", 100_000, true);

  private static final Map<String, Measurement> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Measurement::wire, m -> m));

  private final String wire;
  private final long most;
  private final boolean isWhole;

  Measurement(String wire, long most, boolean isWhole) {
    this.wire = wire;
    this.most = most;
    this.isWhole = isWhole;
  }

  public String wire() {
    return wire;
  }

  /** The most that can be true; the least is 0. */
  public long most() {
    return most;
  }

  /** A count of something, and not a share. */
  public boolean isWhole() {
    return isWhole;
  }

  static Optional<Measurement> fromWire(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
