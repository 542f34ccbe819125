package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import io.agentopia.toolbox.testing.Sample;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeartbeatBufferTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private final UUID id = UUID.randomUUID();
  private final HeartbeatBuffer beats = new HeartbeatBuffer();

  @Test
  void theNewestOfAGenerationWaitsWhateverTheirOrder() {
    beats.add(beat(1), NOON.plusSeconds(10));
    beats.add(beat(1), NOON);
    assertThat(beats.take()).extracting(HeardBeat::at).containsExactly(NOON.plusSeconds(10));
  }

  @Test
  void ofTwoGenerationsTheHigherWaitsEvenIfItIsOlder() {
    beats.add(beat(2), NOON);
    beats.add(beat(1), NOON.plusSeconds(10));
    assertThat(beats.take())
        .singleElement()
        .satisfies(b -> assertThat(b.heartbeat().generation()).isEqualTo(2));
  }

  @Test
  void whatWasTakenIsGoneAndWhatIsPutBackWaitsAgain() {
    beats.add(beat(1), NOON);
    var taken = beats.take();
    assertThat(beats.take()).isEmpty();
    beats.putBack(taken);
    assertThat(beats.take()).isEqualTo(taken);
  }

  @Test
  void puttingBackDoesNotReplaceWhatCameMeanwhile() {
    beats.add(beat(1), NOON);
    var taken = beats.take();
    beats.add(beat(1), NOON.plusSeconds(1));
    beats.putBack(taken);
    assertThat(beats.take()).extracting(HeardBeat::at).containsExactly(NOON.plusSeconds(1));
  }

  @Test
  void whatIsOlderThanTheLimitIsGivenUpAndWhatIsNotIsKept() {
    beats.add(beat(1), NOON);
    beats.forgetBefore(NOON);
    assertThat(beats.take()).hasSize(1);
    beats.add(beat(1), NOON);
    beats.forgetBefore(NOON.plusMillis(1));
    assertThat(beats.take()).isEmpty();
  }

  private AgentHeartbeat beat(long generation) {
    return Sample.of(
        AgentHeartbeat.class,
        new Subject(id, "acct-1", generation, 1),
        "agentVersion",
        "0.1.0",
        "bootId",
        "boot",
        "uptimeSeconds",
        5,
        "appliedManifestGeneration",
        0,
        "dockerReachable",
        true,
        "dockerVersion",
        "28",
        "dockerStore",
        "classic",
        "metrics",
        null,
        "tools",
        List.of(),
        "agentImage",
        null,
        "upgrade",
        null,
        "unfit",
        List.of());
  }
}
