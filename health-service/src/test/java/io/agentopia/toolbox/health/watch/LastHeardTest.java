package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import io.agentopia.toolbox.health.watch.LastHeard.Word;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LastHeardTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void theLaterOfWhatTheRowAndThePartitionSayHolds() {
    var word = word(2, NOON, NOON);
    assertThat(word.at(2, NOON.minusSeconds(1))).isEqualTo(NOON);
    assertThat(word.at(2, NOON.plusSeconds(1))).isEqualTo(NOON.plusSeconds(1));
    assertThat(word.at(2, null)).isEqualTo(NOON);
  }

  @Test
  void anEarlierDropletSaysNothingOfTheNext() {
    assertThat(word(1, NOON, NOON).at(2, null)).isNull();
    assertThat(word(1, NOON, NOON).latest(2, null, NOON.plusSeconds(60))).isNull();
  }

  @Test
  void silenceCountsAsFarAsItIsKnown() {
    var word = word(1, NOON, NOON.plusSeconds(20));
    assertThat(word.latest(1, null, NOON.plusSeconds(20))).isEqualTo(NOON);
    assertThat(word.latest(1, null, NOON.plusSeconds(50))).isEqualTo(NOON.plusSeconds(30));
  }

  @Test
  void whereNothingIsKnownItMayBeSpeakingNow() {
    assertThat(word(1, NOON, null).latest(1, null, NOON.plusSeconds(9)))
        .isEqualTo(NOON.plusSeconds(9));
    assertThat(Word.NONE.latest(1, NOON, NOON.plusSeconds(9))).isEqualTo(NOON.plusSeconds(9));
  }

  @Test
  void whoNeverSpokeIsNotWaitedFor() {
    assertThat(Word.NONE.latest(1, null, NOON)).isNull();
  }

  private static Word word(long generation, Instant at, Instant until) {
    return new Word(new Heard(UUID.randomUUID(), generation, at), until, null, List.of());
  }
}
