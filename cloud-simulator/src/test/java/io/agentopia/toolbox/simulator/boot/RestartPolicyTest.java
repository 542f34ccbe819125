package io.agentopia.toolbox.simulator.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartPolicyTest {
  private final RestartPolicy policy =
      new RestartPolicy(Duration.ofSeconds(2), Duration.ofSeconds(30));

  @ParameterizedTest(name = "after a pause of {0} s and a run of {1} s the pause is {2} s")
  @CsvSource({"0, 1, 2", "2, 1, 4", "4, 29, 8", "16, 1, 30", "30, 1, 30", "30, 30, 2"})
  void thePauseDoublesWhileTheAgentKeepsEndingSoon(long last, long ran, long pause) {
    assertThat(policy.pauseAfter(Duration.ofSeconds(last), Duration.ofSeconds(ran)))
        .isEqualTo(Duration.ofSeconds(pause));
  }
}
