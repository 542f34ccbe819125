package io.agentopia.toolbox.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Instant T = Instant.parse("2026-11-24T12:00:00Z");
  private static final Rotation USUAL = new Rotation(Duration.ofMinutes(1), Duration.ofDays(7));
  private static final Key FIRST = new Key("1", "one", null, null);

  @Test
  void theNewKeyIsUsedAfterTheLeadAndTheOldOneAcceptedForTheOverlap() {
    assertThat(USUAL.of(List.of(FIRST), T, "2", "two"))
        .containsExactly(
            new Key("2", "two", T.plusSeconds(60), null),
            new Key("1", "one", null, T.plusSeconds(60).plus(Duration.ofDays(7))));
  }

  @Test
  void aSecondRotationWithinTheOverlapProlongsNoOldKeyAndAnOverOneIsDropped() {
    var ending = new Key("1", "one", null, T.plusSeconds(100));
    var over = new Key("0", "nil", null, T);
    assertThat(USUAL.of(List.of(ending, over), T, "2", "two"))
        .extracting(Key::id)
        .containsExactly("2", "1");
    assertThat(USUAL.of(List.of(ending, over), T, "2", "two").getLast()).isEqualTo(ending);
  }

  @Test
  void anotherRotationWaitsUntilTheLastOnesKeyIsUsed() {
    var waiting = new Key("2", "two", T.plusSeconds(1), null);
    assertThatThrownBy(() -> USUAL.of(List.of(waiting, FIRST), T, "3", "three"))
        .hasMessageContaining("a rotation is under way: key 2");
    assertThat(USUAL.of(List.of(waiting, FIRST), T.plusSeconds(1), "3", "three")).hasSize(3);
  }

  @Test
  void aLeakedKeyIsThrownOutAtOnce() {
    var atOnce = new Rotation(Duration.ZERO, Duration.ZERO).of(List.of(FIRST), T, "2", "two");
    assertThat(atOnce.getFirst().isWaiting(T)).isFalse();
    assertThat(atOnce.getLast().isOver(T)).isTrue();
  }
}
