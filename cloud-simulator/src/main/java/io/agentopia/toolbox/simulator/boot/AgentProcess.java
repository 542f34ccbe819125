package io.agentopia.toolbox.simulator.boot;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running agent; one of our own or one taken over. */
final class AgentProcess {
  /** A process's start time is read with a resolution of some milliseconds. */
  private static final long TOLERANCE_MS = 2000;

  private final ProcessHandle handle;

  AgentProcess(ProcessHandle handle) {
    this.handle = handle;
  }

  static Optional<AgentProcess> find(long pid, long startedAt) {
    return pid <= 0
        ? Optional.empty()
        : ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(p -> Math.abs(startedAt(p) - startedAt) < TOLERANCE_MS)
            .map(AgentProcess::new);
  }

  private static long startedAt(ProcessHandle handle) {
    return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }

  long pid() {
    return handle.pid();
  }

  long startedAt() {
    return startedAt(handle);
  }

  boolean isAlive() {
    return handle.isAlive();
  }

  void onExit(Runnable then) {
    handle.onExit().thenRun(then);
  }

  boolean kill() {
    return handle.destroyForcibly();
  }

  /** Asks, waits, and then does not ask any more. Returns when the process is gone. */
  void end(Duration grace) {
    if (grace.isPositive()) {
      handle.destroy();
      if (isGoneWithin(grace)) {
        return;
      }
    }
    handle.destroyForcibly();
    isGoneWithin(Duration.ofSeconds(10));
  }

  private boolean isGoneWithin(Duration limit) {
    try {
      handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return !handle.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !handle.isAlive();
    }
  }
}
