package io.agentopia.toolbox.simulator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private final RateLimiter limiter = new RateLimiter(5, 3);

  @Test
  void theBurstLimitSaysWhenToComeBack() {
    for (var i = 0; i < 3; i++) {
      assertThat(limiter.ask(NOW.plusSeconds(i)).allowed()).isTrue();
    }

    var refused = limiter.ask(NOW.plusSeconds(10));
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(50));
    assertThat(refused.remaining()).isEqualTo(2);

    assertThat(limiter.ask(NOW.plusSeconds(59)).allowed()).isFalse();
    assertThat(limiter.ask(NOW.plusSeconds(60)).allowed()).isTrue();
  }

  @Test
  void theHourlyLimitDoesNotSayWhenToComeBack() {
    for (var i = 0; i < 5; i++) {
      assertThat(limiter.ask(NOW.plus(Duration.ofMinutes(2L * i))).allowed()).isTrue();
    }

    var refused = limiter.ask(NOW.plus(Duration.ofMinutes(59)));
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.retryAfter()).isNull();
    assertThat(refused.remaining()).isZero();
    assertThat(refused.reset()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(limiter.ask(NOW.plus(Duration.ofHours(1))).allowed()).isTrue();
  }
}
