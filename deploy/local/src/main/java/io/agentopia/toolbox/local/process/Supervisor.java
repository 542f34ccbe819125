package io.agentopia.toolbox.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts programs in the order of their dependencies, keeps them running, and ends them in the
 * reverse order.
 */
public final class Supervisor implements AutoCloseable {
  private static final Duration LOOK_AT_LOGS_EVERY = Duration.ofSeconds(10);

  private final Map<String, Program> programs = new LinkedHashMap<>();
  private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();
  private final List<Thread> starters = new ArrayList<>();
  private final List<ProcessLog> logs = new ArrayList<>();
  private final Semaphore places;
  private final Thread logKeeper;
  private volatile boolean closing;

  /**
   * @param atOnce how many programs may be on their way to readiness at a time
   * @param changed called at each change of a process's state, from any thread
   */
  public Supervisor(
      List<Program> programs, Path logs, Backoff backoff, int atOnce, Runnable changed) {
    StartOrder.layers(programs);
    this.places = new Semaphore(atOnce, true);
    for (var program : programs) {
      var log = ProcessLog.rotated(logs, program.name());
      this.programs.put(program.name(), program);
      this.processes.put(program.name(), new ManagedProcess(program, log, backoff, changed));
      this.logs.add(log);
    }
    this.logKeeper = Thread.ofVirtual().name("log-keeper").unstarted(this::keepLogs);
  }

  /** Begins to start everything; returns at once. */
  public synchronized void start() {
    logKeeper.start();
    for (var program : programs.values()) {
      starters.add(Thread.ofVirtual().start(() -> startInTurn(program)));
    }
  }

  /** Waits until everything was ready once. */
  public void awaitReady(Duration patience) {
    var all =
        processes.values().stream()
            .map(ManagedProcess::firstReady)
            .toArray(CompletableFuture[]::new);
    try {
      anyFailure(all).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StartFailure f ? f : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw firstUnready().failure("is not ready after " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the processes start", e);
    }
  }

  public ManagedProcess process(String name) {
    var process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException(
          "there is no process \"%s\"; there are %s".formatted(name, processes.keySet()));
    }
    return process;
  }

  public List<ProcessView> view() {
    return processes.values().stream().map(ManagedProcess::view).toList();
  }

  /** Ends everything; returns when it has ended. */
  @Override
  public synchronized void close() {
    closing = true;
    logKeeper.interrupt();
    starters.forEach(Thread::interrupt);
    starters.forEach(Supervisor::join);
    for (var layer : StartOrder.layers(List.copyOf(programs.values())).reversed()) {
      var stops =
          layer.stream()
              .map(p -> Thread.ofVirtual().start(() -> processes.get(p.name()).stop()))
              .toList();
      stops.forEach(Supervisor::join);
    }
  }

  private void startInTurn(Program program) {
    var process = processes.get(program.name());
    try {
      for (var needed : program.after()) {
        processes.get(needed).firstReady().get();
      }
      places.acquire();
      try {
        if (!closing) {
          process.start();
          process.firstReady().get();
        }
      } finally {
        places.release();
      }
    } catch (InterruptedException | ExecutionException e) {
      // What went wrong is told by the process it went wrong with.
      Thread.currentThread().interrupt();
    }
  }

  private void keepLogs() {
    while (!closing) {
      try {
        Thread.sleep(LOOK_AT_LOGS_EVERY);
        for (var log : logs) {
          log.cutIfLarge();
          log.forget(Instant.now());
        }
      } catch (InterruptedException e) {
        return;
      } catch (IOException e) {
        // The next look tries again; a full disk is told by whoever writes to it.
      }
    }
  }

  private ManagedProcess firstUnready() {
    return processes.values().stream()
        .filter(p -> !p.firstReady().isDone())
        .findFirst()
        .orElseThrow();
  }

  /** Done when all are; fails as soon as one does. */
  private static CompletableFuture<Void> anyFailure(CompletableFuture<?>[] all) {
    var result = new CompletableFuture<Void>();
    for (var one : all) {
      one.whenComplete(
          (ok, failure) -> {
            if (failure != null) {
              result.completeExceptionally(failure);
            }
          });
    }
    CompletableFuture.allOf(all).thenRun(() -> result.complete(null));
    return result;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
