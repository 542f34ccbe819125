package io.agentopia.toolbox.agent.metrics;

import java.util.List;

/** Reads the kernel's numbers out of the text of /proc files (proc(5)). Pure. */
final class ProcFiles {
  /** Clock ticks since boot, summed over all processors. */
  record CpuTimes(long total, long idle) {}

  record Memory(long totalBytes, long availableBytes) {
    double usedPercent() {
      return totalBytes == 0 ? 0 : 100.0 * (totalBytes - availableBytes) / totalBytes;
    }
  }

  private static final int IDLE = 3;
  private static final int IOWAIT = 4;

  /** Guest time is already counted in user time. */
  private static final int COUNTED = 8;

  private static final long KIB = 1024;

  private ProcFiles() {}

  /**
   * @param stat text of /proc/stat
   */
  static CpuTimes cpu(String stat) {
    var line = stat.lines().filter(l -> l.startsWith("cpu ")).findFirst();
    if (line.isEmpty()) {
      return new CpuTimes(0, 0);
    }
    var fields = line.get().substring(4).trim().split("\\s+");
    long total = 0;
    long idle = 0;
    for (var i = 0; i < Math.min(fields.length, COUNTED); i++) {
      var ticks = Long.parseLong(fields[i]);
      total += ticks;
      idle += i == IDLE || i == IOWAIT ? ticks : 0;
    }
    return new CpuTimes(total, idle);
  }

  /** Busy share between two looks, 0 to 100; 0 when no time has passed. */
  static double cpuPercent(CpuTimes before, CpuTimes now) {
    var total = now.total() - before.total();
    var idle = now.idle() - before.idle();
    return total <= 0 ? 0 : Math.clamp(100.0 * (total - idle) / total, 0, 100);
  }

  /**
   * @param meminfo text of /proc/meminfo
   */
  static Memory memory(String meminfo) {
    var lines = meminfo.lines().toList();
    var available = kib(lines, "MemAvailable:");
    if (available < 0) {
      // Kernels and sandboxes without it: what could be freed at once.
      available =
          Math.max(0, kib(lines, "MemFree:"))
              + Math.max(0, kib(lines, "Buffers:"))
              + Math.max(0, kib(lines, "Cached:"));
    }
    return new Memory(Math.max(0, kib(lines, "MemTotal:")) * KIB, available * KIB);
  }

  private static long kib(List<String> lines, String name) {
    return lines.stream()
        .filter(l -> l.startsWith(name))
        .map(l -> l.substring(name.length()).trim().split("\\s+")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(-1);
  }
}
