package io.agentopia.toolbox.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "3, 400", "7, 6400", "8, 10000", "9, 10000", "1000, 10000"})
  void itDoublesUpToTheLongest(int deaths, long millis) {
    assertThat(Backoff.USUAL.pause(deaths)).hasMillis(millis);
  }
}
