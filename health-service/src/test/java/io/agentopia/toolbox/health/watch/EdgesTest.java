package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final Edges edges = new Edges();

  @Test
  void whereNoEdgeEverToldOfItselfNothingIsHeldBack() {
    assertThat(edges.since(NOW)).contains(Instant.MIN);
  }

  @Test
  void anEdgeThatGoesOnIsThereSinceItsFirstWord() {
    for (int i = 0; i < 100; i++) {
      edges.alive(NOW.plusSeconds(2 * i));
    }
    assertThat(edges.since(NOW.plusSeconds(200))).contains(NOW);
  }

  @Test
  void twoWordsThatWereLostAreNoSilence() {
    edges.alive(NOW);
    edges.alive(NOW.plusSeconds(6));
    assertThat(edges.since(NOW.plusSeconds(6))).contains(NOW);
  }

  /** What is known of agents begins anew when the edge is back, however long it was away. */
  @ParameterizedTest
  @ValueSource(longs = {10, 20, 60, 3600})
  void whileNoneIsThereNothingIsKnown(long away) {
    edges.alive(NOW);
    assertThat(edges.since(NOW.plus(Edges.LONGEST_SILENCE))).contains(NOW);
    assertThat(edges.since(NOW.plus(Edges.LONGEST_SILENCE).plusMillis(1))).isEmpty();
    var back = NOW.plusSeconds(away);
    assertThat(edges.since(back)).isEmpty();
    edges.alive(back);
    assertThat(edges.since(back.plusSeconds(1))).contains(back);
  }

  /** One that jumped ahead hides an edge that is there for as long as its next word takes. */
  @Test
  void aClockThatJumpsCostsTimeAndAccusesNobody() {
    edges.alive(NOW);
    var ahead = NOW.plus(Duration.ofHours(3));
    assertThat(edges.since(ahead)).isEmpty();
    edges.alive(ahead);
    assertThat(edges.since(ahead)).contains(ahead);
    edges.alive(NOW.plusSeconds(2));
    assertThat(edges.since(NOW.plusSeconds(3))).contains(NOW.plusSeconds(2));
  }
}
