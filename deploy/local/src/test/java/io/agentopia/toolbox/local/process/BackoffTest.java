package io.agentopia.toolbox.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  @ParameterizedTest
  @CsvSource({"1, 500", "2, 1000", "3, 2000", "5, 8000", "6, 10000", "7, 10000", "1000, 10000"})
  void itDoublesUpToTheLongest(int deaths, long millis) {
    assertThat(Backoff.USUAL.pause(deaths)).hasMillis(millis);
  }
}
