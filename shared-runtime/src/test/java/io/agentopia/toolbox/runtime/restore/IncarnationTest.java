package io.agentopia.toolbox.runtime.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncarnationTest {
  private static final Instant NOW = Instant.parse("2026-11-28T05:00:00Z");

  @Test
  void theFirstLifeCountsFromZero() {
    assertThat(Incarnation.FIRST.floor()).isZero();
    assertThat(Incarnation.FIRST.isRestored()).isFalse();
    assertThat(Incarnation.FIRST.isYounger(Duration.ofDays(1), NOW)).isFalse();
  }

  /** However often one old dump is restored, and however many events each life tells. */
  @Test
  void everyLifeStandsAboveAllBeforeIt() {
    var random = new Random(7);
    var dump = Incarnation.FIRST;
    var last = 0L;
    var now = NOW;
    for (var times = 0; times < 1000; times++) {
      now = now.plusSeconds(10 + random.nextInt(100_000));
      var life = dump.next(now);
      assertThat(life.floor()).isGreaterThan(last);
      last = life.floor() + random.nextInt(1_000_000);
      dump = random.nextInt(10) == 0 ? life : dump;
    }
  }

  @Test
  void numbersStayExactInJsonForDecades() {
    var late = Incarnation.FIRST.next(Instant.parse("2060-01-01T00:00:00Z"));
    assertThat(late.floor()).isLessThan(1L << 53);
    assertThat((double) (late.floor() + 1)).isEqualTo(late.floor() + 1);
  }

  @Test
  void aClockThatIsBehindDoesNotRepeatALife() {
    var life = Incarnation.FIRST.next(NOW);
    assertThat(life.next(NOW.minus(Duration.ofDays(400))).number()).isEqualTo(life.number() + 1);
  }

  @Test
  void itIsYoungForAWhile() {
    var life = Incarnation.FIRST.next(NOW);
    assertThat(life.isYounger(Duration.ofMinutes(10), NOW.plusSeconds(599))).isTrue();
    assertThat(life.isYounger(Duration.ofMinutes(10), NOW.plusSeconds(600))).isFalse();
  }
}
