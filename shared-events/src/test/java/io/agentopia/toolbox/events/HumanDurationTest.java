package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT0.999S, 0 s",
    "PT59S, 59 s",
    "PT1M, 1 min",
    "PT61S, 61 s",
    "PT90S, 90 s",
    "PT59M, 59 min",
    "PT1H, 1 h",
    "PT1H1M, 61 min",
    "PT1H1S, 3601 s",
    "P2D, 48 h",
  })
  void itIsSaidInTheLargestUnitThatLosesNothing(Duration duration, String words) {
    assertThat(HumanDuration.words(duration)).isEqualTo(words);
  }
}
