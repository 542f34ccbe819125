package io.agentopia.toolbox.local.process;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.embedded.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One program that is kept running: started again whenever it ends unasked. */
public final class ManagedProcess {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** A process that was ready this long is healthy: its next death is the first in a row again. */
  private static final Duration STEADY = Duration.ofSeconds(10);

  /** So many deaths before it was ready once mean that it cannot start. */
  private static final int HOPELESS = 3;

  private final Program program;
  private final ProcessLog log;
  private final Backoff backoff;
  private final Runnable changed;
  private final CompletableFuture<Void> firstReady = new CompletableFuture<>();

  /** Between "is it still wanted" and its start nobody may say that it is not. */
  private final Object launching = new Object();

  private Thread keeper;
  private volatile boolean wanted;
  private volatile Process process;
  private volatile ProcessState state = ProcessState.WAITING;
  private volatile Instant startedAt;
  private volatile Instant readyAt;
  private volatile Integer lastExit;
  private volatile int restarts;
  private int deathsInARow;

  ManagedProcess(Program program, ProcessLog log, Backoff backoff, Runnable changed) {
    this.program = program;
    this.log = log;
    this.backoff = backoff;
    this.changed = changed;
  }

  public String name() {
    return program.name();
  }

  public Path log() {
    return log.file();
  }

  public ProcessView view() {
    var current = process;
    var pid = current != null && current.isAlive() ? current.pid() : 0;
    return new ProcessView(
        name(), state, pid, program.port(), startedAt, readyAt, restarts, lastExit);
  }

  /** The id of the process now running; 0 when there is none. */
  public long pid() {
    return view().pid();
  }

  /** SIGKILL, as if it had crashed: it is started again. */
  public void kill() {
    var victim = alive();
    victim.destroyForcibly().onExit().join();
    // Who kills it and then waits for it must not be told of the one that is gone.
    while (process == victim && state == ProcessState.READY) {
      rest(Duration.ofMillis(5));
    }
  }

  /** Freezes it: it keeps its connections and answers nothing. */
  public void pause() {
    Signal.STOP.send(alive().pid());
  }

  public void resume() {
    Signal.CONT.send(alive().pid());
  }

  /** Starts it, if it is not running; returns at once. */
  public synchronized void start() {
    if (!wanted) {
      wanted = true;
      deathsInARow = 0;
      keeper = Thread.ofPlatform().daemon().name("keeper-" + name()).start(this::keep);
    }
  }

  /** Ends it (SIGTERM, after a grace SIGKILL) and leaves it so; returns when it has ended. */
  public synchronized void stop() {
    if (!wanted) {
      return;
    }
    Process current;
    synchronized (launching) {
      wanted = false;
      current = process;
    }
    if (current != null && current.isAlive()) {
      Ending.end(current.toHandle(), program.grace());
    }
    keeper.interrupt();
    try {
      keeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    become(ProcessState.STOPPED);
  }

  public void restart() {
    stop();
    start();
  }

  /** Waits until the process is ready; an exception says what happened instead. */
  public void awaitReady(Duration patience) {
    var end = Instant.now().plus(patience);
    while (state != ProcessState.READY) {
      if (state == ProcessState.FAILED) {
        throw failure("cannot start");
      }
      if (Instant.now().isAfter(end) || Thread.currentThread().isInterrupted()) {
        throw failure("is not ready after " + patience.toSeconds() + " s");
      }
      rest(LOOK_EVERY);
    }
  }

  /** Done when it was ready for the first time; fails when it never will be. */
  CompletableFuture<Void> firstReady() {
    return firstReady;
  }

  void giveUp(String why) {
    wanted = false;
    become(ProcessState.FAILED);
    firstReady.completeExceptionally(failure(why));
  }

  StartFailure failure(String what) {
    return new StartFailure(name(), what, lastExit, log.file());
  }

  private void keep() {
    while (wanted && launch()) {
      watch();
      if (wanted) {
        died();
      }
    }
  }

  private boolean launch() {
    try {
      startedAt = Instant.now();
      readyAt = null;
      var builder = new ProcessBuilder(Program.detached(program.command()));
      builder.environment().putAll(program.environment());
      synchronized (launching) {
        if (!wanted) {
          return false;
        }
        process = log.capture(builder).start();
      }
      process.getOutputStream().close();
      become(ProcessState.STARTING);
      return true;
    } catch (IOException e) {
      log.note("could not be started: " + e.getMessage());
      giveUp("cannot be started: " + e.getMessage());
      return false;
    }
  }

  /** Until the process ends. */
  private void watch() {
    try {
      while (!process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        if (isReady()) {
          readyAt = Instant.now();
          become(ProcessState.READY);
          firstReady.complete(null);
          process.waitFor();
        }
      }
      lastExit = process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return program.readiness().isReady(process.pid()) && process.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  private void died() {
    var steady = readyAt != null && readyAt.plus(STEADY).isBefore(Instant.now());
    deathsInARow = steady ? 1 : deathsInARow + 1;
    if (!firstReady.isDone() && deathsInARow >= HOPELESS) {
      log.note("ended with exit code " + lastExit + "; not started again");
      giveUp("ended " + deathsInARow + " times before it was ready");
      return;
    }
    var pause = backoff.pause(deathsInARow);
    log.note("ended with exit code " + lastExit + "; started again in " + pause.toMillis() + " ms");
    restarts++;
    become(ProcessState.RESTARTING);
    rest(pause);
  }

  private void become(ProcessState next) {
    state = next;
    changed.run();
  }

  private Process alive() {
    var current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException(
          name() + " is not running (it is " + state + "); start it, or wait until it is ready");
    }
    return current;
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
