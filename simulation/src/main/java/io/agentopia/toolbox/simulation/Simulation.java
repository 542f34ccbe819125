package io.agentopia.toolbox.simulation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Runs worlds: each on one thread and from one seed, several at a time. */
final class Simulation {
  private static final int LAST_LINES = 150;

  /**
   * @param trace what happened last to the toolbox concerned
   */
  record Failure(long seed, Mutant mutant, int toolbox, String message, List<String> trace) {
    @Override
    public String toString() {
      return String.join("\n", trace)
          + "\n\nToolbox "
          + toolbox
          + " of world "
          + seed
          + (mutant == Mutant.NONE ? "" : " without protection " + mutant)
          + ": "
          + message
          + "\nRun it again: ./mvnw -pl simulation test -Dtest=SimulationTest -Dseed="
          + seed;
    }
  }

  private Simulation() {}

  static Optional<Failure> world(long seed, Mutant mutant) {
    try {
      new World(seed, mutant, false).run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(again(seed, mutant, e));
    }
  }

  /** The same once more, written down this time. */
  private static Failure again(long seed, Mutant mutant, RuntimeException first) {
    var world = new World(seed, mutant, true);
    try {
      world.run();
    } catch (Violation v) {
      var lines = world.lines(v.toolbox());
      var last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return new Failure(seed, mutant, v.toolbox(), v.getMessage(), List.copyOf(last));
    } catch (RuntimeException e) {
      throw new IllegalStateException("world " + seed + " cannot be run", e);
    }
    throw new IllegalStateException("world " + seed + " did not fail a second time", first);
  }

  /** Seeds from {@code first} on, until {@code sagas} have been lived or one world fails. */
  static Optional<Failure> sagas(long first, long sagas, int threads) {
    var worlds = (sagas + World.TOOLBOXES - 1) / World.TOOLBOXES;
    var next = new AtomicLong();
    var failure = new java.util.concurrent.atomic.AtomicReference<Failure>();
    Callable<Void> worker =
        () -> {
          for (var n = next.getAndIncrement();
              n < worlds && failure.get() == null;
              n = next.getAndIncrement()) {
            world(first + n, Mutant.NONE).ifPresent(f -> failure.compareAndSet(null, f));
          }
          return null;
        };
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (var done : pool.invokeAll(IntStream.range(0, threads).mapToObj(n -> worker).toList())) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return Optional.ofNullable(failure.get());
  }
}
