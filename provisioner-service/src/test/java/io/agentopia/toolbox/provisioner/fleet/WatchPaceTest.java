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
      new WatchPace(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5));

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
    for (var i = 0; i < 5; i++) {
      look = pace.nextLook(look, false, droplet);
      ages.add(Duration.between(NOW, look).toSeconds());
    }
    assertThat(ages).containsExactly(10L, 20L, 40L, 70L, 100L);
  }

  @Test
  void oneLookServesAllThatWereMadeAtOnce() {
    var droplets = new ArrayList<OnItsWay>();
    for (var i = 0; i < 10; i++) {
      droplets.add(new OnItsWay(NOW.plusMillis(i * 100), false));
    }
    var ages = new ArrayList<Double>();
    var look = NOW.minusSeconds(7);
    for (var i = 0; i < 3; i++) {
      look = pace.nextLook(look, false, droplets);
      ages.add(Duration.between(NOW, look).toMillis() / 1000.0);
    }
    // The youngest, 0.9 s younger than the oldest, need no look of their own.
    assertThat(ages).containsExactly(10.0, 20.0, 39.1);
  }

  @Test
  void whatWasMadeJustBeforeALookWaitsForTheNext() {
    var droplets = List.of(new OnItsWay(NOW.minusMillis(1), false));
    assertThat(pace.nextLook(NOW, false, droplets)).isEqualTo(NOW.plusSeconds(10));
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
