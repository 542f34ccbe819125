package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));

  @ParameterizedTest(name = "attempt {0}, asked to wait {1} s -> {2} s")
  @CsvSource({
    "1, 0, 5",
    "2, 0, 30",
    "3, 0, 120",
    "4, 0, 600",
    "1, 5, 5",
    "1, 6, 30",
    "1, 31, 120",
    "2, 10, 30",
    "1, 3600, 600",
    "4, 3600, 600",
  })
  void theDelayIsTheAttemptsUnlessMoreWasAskedFor(int attempt, long asked, long expected) {
    var failure = new Failure.Transient("busy", "429", Duration.ofSeconds(asked));
    assertThat(RetryDelay.choose(DELAYS, attempt, failure)).isEqualTo(Duration.ofSeconds(expected));
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "3, 120"})
  void aBugIsTriedAgainAtTheUsualPace(int attempt, long expected) {
    assertThat(RetryDelay.choose(DELAYS, attempt, new Failure.Bug("bug", "npe")))
        .isEqualTo(Duration.ofSeconds(expected));
  }
}
