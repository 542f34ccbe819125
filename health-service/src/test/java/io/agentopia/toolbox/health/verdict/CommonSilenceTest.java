package io.agentopia.toolbox.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommonSilenceTest {
  private static final Limit LIMIT = new Limit(3, 5);

  @ParameterizedTest(name = "{1} of {0}: {2}")
  @CsvSource({
    "0, 0, false",
    "1, 1, false",
    "3, 3, false",
    "4, 3, false",
    "4, 4, true",
    "15, 3, false",
    "15, 4, true",
    "100, 20, false",
    "100, 21, true",
    "10000, 2000, false",
    "10000, 2001, true",
    "10000, 10000, true"
  })
  void aFewMayBeTrueAndSoMayAFifth(int watched, int silent, boolean isTooMuch) {
    assertThat(new CommonSilence(watched, silent).isTooMuch(LIMIT)).isEqualTo(isTooMuch);
  }
}
