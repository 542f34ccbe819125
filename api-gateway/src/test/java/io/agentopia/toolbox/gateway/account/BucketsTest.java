package io.agentopia.toolbox.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private final Buckets<Integer> buckets = new Buckets<>();

  @Test
  void thoseThatAskNoMoreAreForgottenAndThoseThatDoAreNot() {
    for (var who = 0; who < 1_000; who++) {
      buckets.take(who, 2, NOW);
    }
    buckets.take(7, 2, NOW.plusSeconds(40));
    buckets.take(7, 2, NOW.plusSeconds(40));
    assertThat(buckets.size()).isEqualTo(1_000);
    assertThat(buckets.take(7, 2, NOW.plusSeconds(61))).isPositive();
    assertThat(buckets.size()).isEqualTo(1);
  }
}
