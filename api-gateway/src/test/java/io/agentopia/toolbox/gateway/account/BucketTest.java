package io.agentopia.toolbox.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BucketTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PER_MINUTE = 60;

  private static Bucket emptied() {
    var bucket = Bucket.full(PER_MINUTE, NOW);
    for (int i = 0; i < PER_MINUTE; i++) {
      assertThat(bucket.isEmpty()).as("after %d requests", i).isFalse();
      bucket = bucket.less();
    }
    return bucket;
  }

  @Test
  void asManyAsAMinuteAllowsMayComeAtOnceAndNotOneMore() {
    assertThat(emptied().isEmpty()).isTrue();
    assertThat(emptied().wait(PER_MINUTE)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatIsUsedComesBackEvenly() {
    var bucket = emptied();
    assertThat(bucket.at(NOW.plusMillis(990), PER_MINUTE).isEmpty()).isTrue();
    assertThat(bucket.at(NOW.plusMillis(990), PER_MINUTE).wait(PER_MINUTE))
        .isBetween(Duration.ofMillis(10), Duration.ofMillis(11));
    assertThat(bucket.at(NOW.plusSeconds(1), PER_MINUTE).isEmpty()).isFalse();
    assertThat(bucket.at(NOW.plusSeconds(30), PER_MINUTE).left()).isEqualTo(30);
    assertThat(bucket.at(NOW.plusSeconds(3600), PER_MINUTE).left()).isEqualTo(PER_MINUTE);
    assertThat(bucket.isFull(NOW.plusMillis(59_999))).isFalse();
    assertThat(bucket.isFull(NOW.plusSeconds(60))).isTrue();
    assertThat(bucket.at(NOW.plusSeconds(60), PER_MINUTE).left()).isEqualTo(PER_MINUTE);
  }

  @Test
  void aClockThatIsSetBackGivesNothingAndTakesNothing() {
    var bucket = emptied().at(NOW.plusSeconds(10), PER_MINUTE);
    assertThat(bucket.at(NOW.minusSeconds(3600), PER_MINUTE).left()).isEqualTo(10);
  }

  @Test
  void aQuotaThatWasLoweredHoldsAtOnce() {
    assertThat(Bucket.full(600, NOW).at(NOW, 5).left()).isEqualTo(5);
  }
}
