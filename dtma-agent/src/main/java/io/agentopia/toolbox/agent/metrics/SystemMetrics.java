package io.agentopia.toolbox.agent.metrics;

import io.agentopia.toolbox.agent.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** The droplet's processor, memory and disk. Reading takes well under a millisecond. */
public final class SystemMetrics {
  private static final Logger LOG = Logger.getLogger(SystemMetrics.class);

  /** A shorter stretch of processor time says nothing. */
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  /** Percentages are 0 to 100, with one decimal. */
  public record Sample(
      double cpuPercent,
      double memoryPercent,
      double diskPercent,
      long memoryTotalBytes,
      long memoryAvailableBytes,
      long diskTotalBytes,
      long diskUsableBytes) {}

  private final Path proc;
  private final Path disk;
  private final Clock clock;
  private ProcFiles.CpuTimes cpuBefore;
  private Instant sampledAt;
  private Sample last = new Sample(0, 0, 0, 0, 0, 0, 0);

  public SystemMetrics(Path proc, Path disk, Clock clock) {
    this.proc = proc;
    this.disk = disk;
    this.clock = clock;
  }

  /** What cannot be read keeps its last value: numbers are no reason to fail. */
  public synchronized Sample sample() {
    var now = clock.instant();
    if (sampledAt != null && Duration.between(sampledAt, now).compareTo(SHORTEST) < 0) {
      return last;
    }
    try {
      last = read();
      sampledAt = now;
    } catch (IOException | NumberFormatException e) {
      LOG.debugf("Metrics not read, the last ones stand found=\"%s\"", e);
    }
    return last;
  }

  private Sample read() throws IOException {
    var cpu = ProcFiles.cpu(Files.readString(proc.resolve("stat")));
    var memory = ProcFiles.memory(Files.readString(proc.resolve("meminfo")));
    var space = DiskSpace.read(disk);
    // The first time, the share since boot is all there is.
    var before = cpuBefore == null ? new ProcFiles.CpuTimes(0, 0) : cpuBefore;
    cpuBefore = cpu;
    return new Sample(
        oneDecimal(ProcFiles.cpuPercent(before, cpu)),
        oneDecimal(memory.usedPercent()),
        oneDecimal(space.usedPercent()),
        memory.totalBytes(),
        memory.availableBytes(),
        space.totalBytes(),
        space.usableBytes());
  }

  private static double oneDecimal(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
