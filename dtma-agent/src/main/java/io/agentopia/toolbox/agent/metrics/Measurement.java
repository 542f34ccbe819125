package io.agentopia.toolbox.agent.metrics;

import io.agentopia.toolbox.agent.disk.DiskSpace;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is measured on a droplet. A line in here is all that a measurement needs: heartbeats, {@code
 * /status} and {@code /metrics} go through the list, and make their names of the constant's. Shares
 * are percentages from 0 to 100 with one decimal, sizes are bytes.
 */
public enum Measurement {
  CPU_PERCENT("Busy processor share", r -> oneDecimal(r.cpuPercent())),
  MEMORY_PERCENT("Used memory share", r -> oneDecimal(r.memory().usedPercent())),
  DISK_PERCENT("Used disk share", r -> oneDecimal(r.disk().usedPercent())),
  MEMORY_TOTAL_BYTES("Memory", r -> r.memory().totalBytes()),
  MEMORY_AVAILABLE_BYTES("Memory that can be had", r -> r.memory().availableBytes()),
  DISK_TOTAL_BYTES("Disk", r -> r.disk().totalBytes()),
  DISK_USABLE_BYTES("Disk that can be had", r -> r.disk().usableBytes());

  /** What was read of the kernel. */
  record Reading(double cpuPercent, ProcFiles.Memory memory, DiskSpace disk) {}

  /** The others can be reckoned from these. */
  public static final Set<Measurement> TOLD =
      EnumSet.complementOf(EnumSet.of(MEMORY_AVAILABLE_BYTES, DISK_USABLE_BYTES));

  private static final String PERCENT = "_percent";

  private final String help;
  private final Function<Reading, Number> read;

  Measurement(String help, Function<Reading, Number> read) {
    this.help = help;
    this.read = read;
  }

  Number of(Reading reading) {
    return read.apply(reading);
  }

  /** One line, for people. */
  public String help() {
    return help;
  }

  public boolean isPercent() {
    return snake().endsWith(PERCENT);
  }

  /** {@code memory_percent}. */
  public String snake() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code memory_usage} of {@code memory_percent}. */
  public String usage() {
    return snake().replace(PERCENT, "_usage");
  }

  /** {@code memoryPercent}, as heartbeats have it. */
  public String camel() {
    var words = snake().split("_");
    return words[0]
        + Arrays.stream(words)
            .skip(1)
            .map(w -> w.substring(0, 1).toUpperCase(Locale.ROOT) + w.substring(1))
            .collect(Collectors.joining());
  }

  /** Those of {@code which} that were measured, by name. */
  public static Map<String, Number> named(
      Map<Measurement, Number> measured,
      Set<Measurement> which,
      Function<Measurement, String> name) {
    var named = new LinkedHashMap<String, Number>();
    measured.forEach(
        (measurement, value) -> {
          if (which.contains(measurement)) {
            named.put(name.apply(measurement), value);
          }
        });
    return named;
  }

  private static double oneDecimal(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
