package io.agentopia.toolbox.provisioner.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.fleet.WatchPace.OnItsWay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchPaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final WatchPace pace =
      new WatchPace(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));

  @Test
  void withNothingOnItsWayItLooksSeldom() {
    assertThat(pace.nextLook(NOW, false, List.of())).isEqualTo(NOW.plusSeconds(30));
    assertThat(pace.nextLook(NOW, true, List.of())).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void aDropletOnItsWayIsLookedForWhenItsAgeHasDoubledAndAsOftenAsTheRest() {
    var droplet = List.of(new OnItsWay(NOW, false));
    var ages = new ArrayList<Long>();
    var look = NOW.minusSeconds(7);
    for (var i = 0; i < 6; i++) {
      look = pace.nextLook(look, false, droplet);
      ages.add(Duration.between(NOW, look).toSeconds());
    }
    assertThat(ages).containsExactly(5L, 10L, 20L, 40L, 70L, 100L);
  }

  @Test
  void oneLookServesAllThatWereMadeAtOnce() {
    var droplets = new ArrayList<OnItsWay>();
    for (var i = 0; i < 10; i++) {
      droplets.add(new OnItsWay(NOW.plusMillis(i * 100), false));
    }
    var first = pace.nextLook(NOW.minusSeconds(7), false, droplets);
    assertThat(first).isEqualTo(NOW.plusSeconds(5));
    // The youngest was 4.1 s old then: the next look is theirs, but not sooner than 5 s later.
    assertThat(pace.nextLook(first, false, droplets)).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void anAgentThatSpeaksIsReasonToLookAtOnceButNotTwiceInARow() {
    var spoken = List.of(new OnItsWay(NOW.minusSeconds(40), true));
    assertThat(pace.nextLook(NOW.minusSeconds(20), false, spoken)).isBefore(NOW);
    assertThat(pace.nextLook(NOW, false, spoken)).isEqualTo(NOW.plusSeconds(5));
    var silent = List.of(new OnItsWay(NOW.minusSeconds(40), false));
    assertThat(pace.nextLook(NOW.minusSeconds(20), false, silent)).isEqualTo(NOW);
  }

  @Test
  void theFirstLookOfAllIsAtOnce() {
    assertThat(pace.nextLook(Instant.EPOCH, true, List.of())).isBefore(NOW);
  }
}
