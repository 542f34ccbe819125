package io.agentopia.toolbox.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** What else decides a figure: how busy the machine is, and how fast its disk says "written". */
public final class Surroundings {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int BLOCK = 8192;

  private Surroundings() {}

  /** Processes that ran or wanted to, over the last minute; negative where the system has none. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /**
   * Blocks of 8 KiB that can be appended and forced to the disk in a second, one after the other.
   */
  public static double fsyncsPerSecond(Path directory) {
    try {
      var file = Files.createTempFile(directory, "fsync", null);
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        var block = ByteBuffer.allocate(BLOCK);
        var began = System.nanoTime();
        var count = 0;
        while (System.nanoTime() - began < LOOK.toNanos()) {
          channel.write(block.clear());
          channel.force(false);
          count++;
        }
        return count * 1e9 / (System.nanoTime() - began);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing in " + directory + " failed", e);
    }
  }

  /** For example {@code AMD EPYC, 2 cores, 24 GB}. */
  public static String machine() {
    return "%s, %d cores, %d GB"
        .formatted(
            line("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) >> 20);
  }

  private static String line(String file, String name) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(l -> l.startsWith(name))
          .map(l -> l.substring(l.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("0");
    } catch (IOException e) {
      return "0";
    }
  }
}
