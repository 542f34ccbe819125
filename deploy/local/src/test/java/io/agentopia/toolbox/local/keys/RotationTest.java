package io.agentopia.toolbox.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Instant T = Instant.parse("2026-11-24T12:00:00Z");
  private static final Rotation USUAL = new Rotation(Duration.ofMinutes(1), Duration.ofDays(7));
  private static final String ONE = "the first key's secret";
  private static final String TWO = "the second key's secret";
  private static final Key FIRST = new Key("1", ONE, null, null);

  @Test
  void theNewKeyIsUsedAfterTheLeadAndTheOldOneAcceptedForTheOverlap() {
    assertThat(USUAL.of(List.of(FIRST), T, TWO))
        .containsExactly(
            new Key(null, TWO, T.plusSeconds(60), null),
            new Key("1", ONE, null, T.plusSeconds(60).plus(Duration.ofDays(7))));
  }

  @Test
  void aSecondRotationWithinTheOverlapProlongsNoOldKeyAndAnOverOneIsDropped() {
    var ending = new Key("1", ONE, null, T.plusSeconds(100));
    var over = new Key("0", "a secret of old times", null, T);
    assertThat(USUAL.of(List.of(ending, over), T, TWO))
        .extracting(Key::secret)
        .containsExactly(TWO, ONE);
    assertThat(USUAL.of(List.of(ending, over), T, TWO).getLast()).isEqualTo(ending);
  }

  @Test
  void anotherRotationWaitsUntilTheLastOnesKeyIsUsed() {
    var waiting = new Key("2", TWO, T.plusSeconds(1), null);
    assertThatThrownBy(() -> USUAL.of(List.of(waiting, FIRST), T, "the third key's secret"))
        .hasMessageContaining("a rotation is under way: key 2");
    assertThat(USUAL.of(List.of(waiting, FIRST), T.plusSeconds(1), "the third key's secret"))
        .hasSize(3);
  }

  @Test
  void aLeakedKeyIsThrownOutAtOnce() {
    var atOnce = new Rotation(Duration.ZERO, Duration.ZERO).of(List.of(FIRST), T, TWO);
    assertThat(atOnce.getFirst().isWaiting(T)).isFalse();
    assertThat(atOnce.getLast().isAccepted(T)).isFalse();
  }
}
