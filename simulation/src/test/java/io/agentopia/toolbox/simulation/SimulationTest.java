package io.agentopia.toolbox.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Worlds in which nearly everything goes wrong at some time, and in which no invariant may break.
 * {@code -Dseed=N} runs that world alone, {@code -Dsagas=N} more or fewer of them: 20,000 by
 * default, 100,000 with {@code -Dtests=all}.
 */
class SimulationTest {
  private static final long USUAL = "all".equals(System.getProperty("tests")) ? 100_000 : 20_000;
  private static final int THREADS = 2;

  @Test
  void noInvariantBreaksInTheWorldsThatAreAlwaysRun() {
    var seed = Long.getLong("seed");
    var failure =
        seed == null ? Simulation.sagas(1, sagas(), THREADS) : Simulation.world(seed, Mutant.NONE);
    assertThat(failure).as("broken invariant").isEmpty();
  }

  @Test
  void noInvariantBreaksInWorldsNeverRunBefore() {
    var seed = Long.getLong("seed");
    if (seed == null) {
      var first = RandomGenerator.getDefault().nextLong(1_000_000, Long.MAX_VALUE / 2);
      System.out.println("worlds never run before: from seed " + first);
      assertThat(Simulation.sagas(first, sagas(), THREADS)).as("broken invariant").isEmpty();
    }
  }

  private static long sagas() {
    return Long.getLong("sagas", USUAL) / 2;
  }
}
