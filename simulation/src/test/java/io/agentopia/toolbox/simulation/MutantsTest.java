package io.agentopia.toolbox.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Without any one of the protections, an invariant breaks: they are all needed, and looked at. */
class MutantsTest {
  private static final int MOST_WORLDS = 1_500;

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void aMissingProtectionIsNoticed(Mutant mutant) {
    var failure = firstCaught(mutant, MOST_WORLDS);
    failure.ifPresent(f -> System.out.printf("%s: world %d, %s%n", mutant, f.seed(), f.message()));
    assertThat(failure).as("worlds without " + mutant).isPresent();
  }

  static Optional<Simulation.Failure> firstCaught(Mutant mutant, int worlds) {
    for (var seed = 1L; seed <= worlds; seed++) {
      var failure = Simulation.world(seed, mutant);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }
}
