package io.agentopia.toolbox.agent.metrics;

import io.agentopia.toolbox.agent.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** The droplet's processor, memory and disk. Reading takes well under a millisecond. */
public final class SystemMetrics {
  private static final Logger LOG = Logger.getLogger(SystemMetrics.class);

  private static final Measurement.Reading NOTHING =
      new Measurement.Reading(0, new ProcFiles.Memory(0, 0), new DiskSpace(0, 0, 0));

  /** A shorter stretch of processor time says nothing. */
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  private final Path proc;
  private final Path disk;
  private final Clock clock;
  private ProcFiles.CpuTimes cpuBefore;
  private Instant sampledAt;
  private Map<Measurement, Number> last = values(NOTHING);

  public SystemMetrics(Path proc, Path disk, Clock clock) {
    this.proc = proc;
    this.disk = disk;
    this.clock = clock;
  }

  /** What cannot be read keeps its last value: numbers are no reason to fail. */
  public synchronized Map<Measurement, Number> sample() {
    var now = clock.instant();
    if (sampledAt != null && Duration.between(sampledAt, now).compareTo(SHORTEST) < 0) {
      return last;
    }
    try {
      last = values(read());
      sampledAt = now;
    } catch (IOException | NumberFormatException e) {
      LOG.debugf("Metrics not read, the last ones stand found=\"%s\"", e);
    }
    return last;
  }

  private Measurement.Reading read() throws IOException {
    var cpu = ProcFiles.cpu(Files.readString(proc.resolve("stat")));
    var memory = ProcFiles.memory(Files.readString(proc.resolve("meminfo")));
    var space = DiskSpace.read(disk);
    // The first time, the share since boot is all there is.
    var before = cpuBefore == null ? new ProcFiles.CpuTimes(0, 0) : cpuBefore;
    cpuBefore = cpu;
    return new Measurement.Reading(ProcFiles.cpuPercent(before, cpu), memory, space);
  }

  private static Map<Measurement, Number> values(Measurement.Reading reading) {
    var values = new EnumMap<Measurement, Number>(Measurement.class);
    for (var measurement : Measurement.values()) {
      values.put(measurement, measurement.of(reading));
    }
    return Collections.unmodifiableMap(values);
  }
}
