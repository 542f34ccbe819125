package io.agentopia.toolbox.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of processes from {@code /proc/PID/stat}. User and system time, and that of children
 * that ended and were waited for: a database server's connections are children of its.
 */
public final class ProcessTimes {
  /** Linux counts in hundredths of a second on every architecture that Java runs on. */
  private static final double MILLIS_PER_TICK = 10;

  private static final int STATE = 1;
  private static final int UTIME = 12;
  private static final int LAST = UTIME + 4;

  private ProcessTimes() {}

  /** Of the process and its living children, milliseconds; 0 when it has ended. */
  public static double ofFamily(long pid) {
    var children =
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).map(ProcessHandle::pid);
    return of(pid) + children.mapToDouble(ProcessTimes::of).sum();
  }

  private static double of(long pid) {
    try {
      return millis(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (IOException e) {
      return 0;
    }
  }

  /** The fields are counted from behind the name, which may hold spaces and brackets. */
  static double millis(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ");
    if (fields.length < LAST || fields[STATE].length() != 1) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + stat);
    }
    var ticks = 0L;
    for (var field = UTIME; field < LAST; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks * MILLIS_PER_TICK;
  }
}
