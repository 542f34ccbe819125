package io.agentopia.toolbox.provisioner.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.fleet.WatchPace.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchPaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final WatchPace pace =
      new WatchPace(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5));

  /**
   * A droplet whose address is not known.
   *
   * @param spokeAt when its agent joined, or null
   */
  private record OnItsWay(Instant since, Instant spokeAt) {}

  @Test
  void withNothingOnItsWayItLooksSeldom() {
    assertThat(nextLook(NOW, false, List.of())).isEqualTo(NOW.plusSeconds(30));
    assertThat(nextLook(NOW, true, List.of())).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void aDropletOnItsWayIsLookedForWhenItsAgeHasDoubledAndAsOftenAsTheRest() {
    var droplet = List.of(new OnItsWay(NOW, null));
    var ages = new ArrayList<Long>();
    var look = NOW.minusSeconds(7);
    for (var i = 0; i < 5; i++) {
      look = nextLook(look, false, droplet);
      ages.add(Duration.between(NOW, look).toSeconds());
    }
    assertThat(ages).containsExactly(10L, 20L, 40L, 70L, 100L);
  }

  @Test
  void oneLookServesAllThatWereMadeAtOnce() {
    var droplets = new ArrayList<OnItsWay>();
    for (var i = 0; i < 10; i++) {
      droplets.add(new OnItsWay(NOW.plusMillis(i * 100), null));
    }
    var ages = new ArrayList<Double>();
    var look = NOW.minusSeconds(7);
    for (var i = 0; i < 3; i++) {
      look = nextLook(look, false, droplets);
      ages.add(Duration.between(NOW, look).toMillis() / 1000.0);
    }
    // The youngest, 0.9 s younger than the oldest, need no look of their own.
    assertThat(ages).containsExactly(10.0, 20.0, 39.1);
  }

  @Test
  void whatWasMadeJustBeforeALookWaitsForTheNext() {
    var droplets = List.of(new OnItsWay(NOW.minusMillis(1), null));
    assertThat(nextLook(NOW, false, droplets)).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void anAgentThatSpeaksIsReasonToLookAtOnceButNotTwiceInARow() {
    var joined = List.of(new OnItsWay(NOW.minusSeconds(40), NOW.plusSeconds(1)));
    assertThat(nextLook(NOW.minusSeconds(20), false, joined)).isBefore(NOW);
    assertThat(nextLook(NOW, false, joined)).isEqualTo(NOW.plusSeconds(2));
    var silent = List.of(new OnItsWay(NOW.minusSeconds(40), null));
    assertThat(nextLook(NOW.minusSeconds(20), false, silent)).isEqualTo(NOW);
  }

  @Test
  void anAddressThatDoesNotComeThoughTheAgentHasSpokenIsLookedForEverMoreSeldom() {
    var joined = List.of(new OnItsWay(NOW.minusSeconds(40), NOW));
    var ages = new ArrayList<Long>();
    var look = NOW;
    for (var i = 0; i < 6; i++) {
      look = nextLook(look, false, joined);
      ages.add(Duration.between(NOW, look).toSeconds());
    }
    assertThat(ages).containsExactly(2L, 4L, 8L, 16L, 32L, 62L);
  }

  /** A look at 2,000 droplets costs ten calls, so it is worth ten times the wait. */
  @Test
  void theMorePagesAListHasTheFurtherApartAreLooks() {
    var joined = List.of(new OnItsWay(NOW.minusSeconds(40), NOW.plusSeconds(1)));
    assertThat(nextLook(NOW, false, joined, 10)).isEqualTo(NOW.plusSeconds(20));
    assertThat(nextLook(NOW, false, joined, 0)).isEqualTo(NOW.plusSeconds(2));
    assertThat(nextLook(NOW, false, List.of(), 31)).isEqualTo(NOW.plusSeconds(62));
  }

  /**
   * Toolboxes that are asked for every 2 s and whose agents join when their droplets are 40 s old,
   * with the settings the service has: what looking costs each of them, and that no agent that has
   * joined waits for its address for longer than two looks are apart.
   */
  @ParameterizedTest
  @CsvSource({"1, 0.1", "15, 0.15", "25, 0.2", "35, 0.4"})
  void bootsOf40SecondsCostFewLooksAndNobodyWaits(int addressAfter, double mostLooksEach) {
    var shipped =
        new WatchPace(
            Duration.ofSeconds(25),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));
    var waiting = new HashSet<Instant>();
    IntStream.range(0, 24).forEach(i -> waiting.add(NOW.plusSeconds(2 * i)));
    var lastLook = NOW.minusSeconds(7);
    var looks = 0;
    for (var now = NOW; !waiting.isEmpty(); now = now.plusMillis(100)) {
      var time = now;
      var onTheirWay =
          waiting.stream()
              .filter(since -> !since.isAfter(time))
              .map(since -> new OnItsWay(since, ifPast(since.plusSeconds(40), time)))
              .toList();
      if (!now.isBefore(shipped.nextLook(lastLook, standing(lastLook, false, onTheirWay), 1))) {
        looks++;
        lastLook = now;
        waiting.removeIf(since -> !since.plusSeconds(addressAfter).isAfter(time));
      }
      assertThat(waiting).noneMatch(since -> since.plusSeconds(42).isBefore(time));
    }
    assertThat(looks / 24.0).isLessThanOrEqualTo(mostLooksEach);
  }

  private static Instant ifPast(Instant at, Instant now) {
    return at.isAfter(now) ? null : at;
  }

  @Test
  void theFirstLookOfAllIsAtOnce() {
    assertThat(nextLook(Instant.EPOCH, true, List.of())).isBefore(NOW);
  }

  private Instant nextLook(Instant lastLook, boolean isEmpty, List<OnItsWay> droplets) {
    return nextLook(lastLook, isEmpty, droplets, 1);
  }

  private Instant nextLook(Instant lastLook, boolean isEmpty, List<OnItsWay> droplets, int pages) {
    return pace.nextLook(lastLook, standing(lastLook, isEmpty, droplets), pages);
  }

  /** As the database sums them up. */
  private static Standing standing(Instant lastLook, boolean isEmpty, List<OnItsWay> droplets) {
    Comparator<Instant> byTime = Comparator.naturalOrder();
    var made = droplets.stream().map(OnItsWay::since).toList();
    return new Standing(
        isEmpty,
        made.stream().filter(t -> t.isAfter(lastLook)).min(byTime).orElse(null),
        made.stream().filter(t -> !t.isAfter(lastLook)).max(byTime).orElse(null),
        droplets.stream().map(OnItsWay::spokeAt).filter(Objects::nonNull).max(byTime).orElse(null));
  }
}
