package io.agentopia.toolbox.runtime.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SetBackTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final long SECOND = 1_000_000_000L;

  private final SetBack clock = new SetBack();

  @Test
  void aClockThatGoesOnAsTheCounterDoesWasNotSet() {
    assertThat(clock.look(NOON, -SECOND)).isZero();
    assertThat(clock.look(NOON.plusSeconds(1), 0)).isZero();
    assertThat(clock.look(NOON.plusSeconds(61), 60 * SECOND)).isZero();
  }

  @Test
  void oneThatWasSetIsToldOnceByHowFar() {
    clock.look(NOON, 0);
    assertThat(clock.look(NOON.minusSeconds(3599), SECOND)).isEqualTo(Duration.ofHours(1));
    assertThat(clock.look(NOON.minusSeconds(3598), 2 * SECOND)).isZero();
    assertThat(clock.look(NOON.plusSeconds(3), 3 * SECOND)).isEqualTo(Duration.ofHours(-1));
  }
}
