package io.agentopia.toolbox.simulation;

import java.time.Duration;

/**
 * Long runs: {@code --sagas N} (default 100,000), {@code --seed N} of the first world (default 1),
 * {@code --threads N} (default 2).
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    var sagas = option(args, "--sagas", 100_000);
    var seed = option(args, "--seed", 1);
    var threads = option(args, "--threads", 2);
    var began = System.nanoTime();
    var failure = Simulation.sagas(seed, sagas, (int) threads);
    failure.ifPresent(System.out::println);
    System.out.printf(
        "%s: %d sagas, worlds from seed %d, %d s%n",
        failure.isEmpty() ? "no invariant broken" : "broken",
        sagas,
        seed,
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
    System.exit(failure.isEmpty() ? 0 : 1);
  }

  private static long option(String[] args, String name, long otherwise) {
    for (var i = 0; i < args.length - 1; i++) {
      if (args[i].equals(name)) {
        return Long.parseLong(args[i + 1]);
      }
    }
    return otherwise;
  }
}
