package io.agentopia.toolbox.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A world follows from its seed, and from nothing else. */
class ReproductionTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theSameSeedIsTheSameWorld(long seed) {
    var first = run(seed);
    var second = run(seed);
    assertThat(second.steps()).isEqualTo(first.steps());
    assertThat(second.traceHash()).isEqualTo(first.traceHash());
    for (var toolbox = -1; toolbox < World.TOOLBOXES; toolbox++) {
      assertThat(second.lines(toolbox)).isEqualTo(first.lines(toolbox));
    }
  }

  @Test
  void anotherSeedIsAnotherWorld() {
    assertThat(run(2).traceHash()).isNotEqualTo(run(1).traceHash());
  }

  @Test
  void aFailureTellsHowToRunItAgainAndWhatHappened() {
    var seed = MutantsTest.firstCaught(Mutant.ABSENT_AS_DEFERRED, 20).orElseThrow().seed();
    var failure = Simulation.world(seed, Mutant.ABSENT_AS_DEFERRED).orElseThrow();
    var again = Simulation.world(seed, Mutant.ABSENT_AS_DEFERRED).orElseThrow();
    assertThat(again).isEqualTo(failure);
    assertThat(failure.trace()).isNotEmpty();
    assertThat(failure.toString()).contains("-Dseed=" + seed).contains(failure.message());
  }

  private static World run(long seed) {
    var world = new World(seed, Mutant.NONE, true);
    world.run();
    return world;
  }
}
