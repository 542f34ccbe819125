package io.agentopia.toolbox.agent.loop;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff = new Backoff(ofSeconds(1), ofSeconds(60));

  @ParameterizedTest
  @CsvSource({"1,1000", "2,2000", "3,4000", "6,32000", "7,60000", "8,60000", "1000000,60000"})
  void doubles_up_to_the_cap(int failures, long fullMillis) {
    assertThat(backoff.after(failures, 0)).isEqualTo(Duration.ofMillis(fullMillis / 2));
    assertThat(backoff.after(failures, 0.999_999_999))
        .isBetween(Duration.ofMillis(fullMillis - 1), Duration.ofMillis(fullMillis));
  }

  @Test
  void waits_as_long_as_the_server_asks() {
    assertThat(backoff.after(1, 0, ofSeconds(20))).isEqualTo(ofSeconds(20));
  }

  @Test
  void does_not_come_sooner_because_the_server_asks_for_less() {
    assertThat(backoff.after(7, 0, ofSeconds(1))).isEqualTo(ofSeconds(30));
  }

  @Test
  void a_server_cannot_silence_the_agent_for_days() {
    assertThat(backoff.after(1, 0, Duration.ofDays(10))).isEqualTo(ofSeconds(300));
  }

  @Test
  void the_heartbeat_moves_by_ten_per_cent_at_most() {
    assertThat(Backoff.jittered(ofSeconds(10), 0)).isEqualTo(ofSeconds(9));
    assertThat(Backoff.jittered(ofSeconds(10), 0.5)).isEqualTo(ofSeconds(10));
    assertThat(Backoff.jittered(ofSeconds(10), 0.999_999)).isLessThanOrEqualTo(ofSeconds(11));
  }
}
