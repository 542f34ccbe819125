package io.agentopia.toolbox.simulator.boot;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A running agent; one of our own or one taken over. */
final class AgentProcess implements RunningAgent {
  /** A process's start time is read with a resolution of some milliseconds. */
  private static final long TOLERANCE_MS = 2000;

  private final ProcessHandle handle;
  private final Process own;

  AgentProcess(ProcessHandle handle) {
    this.handle = handle;
    this.own = null;
  }

  AgentProcess(Process own) {
    this.handle = own.toHandle();
    this.own = own;
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

  @Override
  public long pid() {
    return handle.pid();
  }

  @Override
  public long startedAt() {
    return startedAt(handle);
  }

  @Override
  public boolean isAlive() {
    return handle.isAlive();
  }

  @Override
  public void onExit(Consumer<Integer> then) {
    if (own == null) {
      handle.onExit().thenRun(() -> then.accept(null));
    } else {
      own.onExit().thenAccept(p -> then.accept(p.exitValue()));
    }
  }

  @Override
  public boolean kill() {
    return handle.destroyForcibly();
  }

  @Override
  public void end(Duration grace) {
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
