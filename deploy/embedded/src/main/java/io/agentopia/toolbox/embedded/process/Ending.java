package io.agentopia.toolbox.embedded.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Ends processes: asks first, then kills. */
public final class Ending {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private Ending() {}

  /**
   * Asks all of them at once; kills those (and their children) that are still there after a grace.
   */
  public static void end(Collection<ProcessHandle> processes, Duration grace) {
    for (var process : processes) {
      process.destroy();
      // A paused process would never see the signal.
      Signal.CONT.send(process.pid());
    }
    if (!ended(processes, grace)) {
      var stubborn = processes.stream().filter(p -> !isGone(p)).toList();
      var children = stubborn.stream().flatMap(ProcessHandle::descendants).toList();
      stubborn.forEach(ProcessHandle::destroyForcibly);
      children.forEach(ProcessHandle::destroyForcibly);
      ended(stubborn, Duration.ofSeconds(5));
    }
  }

  public static void end(ProcessHandle process, Duration grace) {
    end(List.of(process), grace);
  }

  /** Waits until all have ended; false when one is still there after that time. */
  public static boolean ended(Collection<ProcessHandle> processes, Duration patience) {
    var until = Instant.now().plus(patience);
    while (!processes.stream().allMatch(Ending::isGone)) {
      if (Instant.now().isAfter(until)) {
        return false;
      }
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /**
   * Whether it does nothing any more. An orphan stays listed as a zombie where process 1 is no real
   * init (in many containers), which Java calls alive.
   */
  public static boolean isGone(ProcessHandle process) {
    if (!process.isAlive()) {
      return true;
    }
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      var state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'Z' || state == 'X';
    } catch (IOException e) {
      // No /proc here (macOS), or it has just gone: the next look tells.
      return !process.isAlive();
    }
  }
}
