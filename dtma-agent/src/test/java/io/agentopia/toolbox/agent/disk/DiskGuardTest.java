package io.agentopia.toolbox.agent.disk;

import static io.agentopia.toolbox.agent.tools.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.PulledImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DiskGuardTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));
  private static final DiskSpace FULL = used(95);
  private final DiskGuard guard = new DiskGuard(new DiskGuard.Rules(85, 75, HOUR));

  @ParameterizedTest
  @CsvSource({
    "84.9, false, false",
    "85.0, false, true",
    "84.9, true,  true",
    "75.1, true,  true",
    "75.0, true,  false",
    "75.1, false, false"
  })
  void it_begins_at_the_start_and_goes_on_to_the_stop(double percent, boolean begun, boolean must) {
    assertThat(guard.mustFree(used(percent), begun)).isEqualTo(must);
  }

  /** Each case is an old, unused image of ours but for one thing. */
  private enum Case {
    OURS_AND_UNUSED(true),
    PULLED_BY_SOMEBODY_ELSE(false),
    USED_BY_A_CONTAINER(false),
    WANTED_BY_THE_MANIFEST(false),
    WANTED_BY_ITS_DIGEST(false),
    WANTED_BY_ITS_LONG_NAME(false),
    SINCE_USED_AGAIN(false),
    UNUSED_FOR_A_MOMENT_LESS_THAN_AN_HOUR(false),
    UNUSED_FOR_AN_HOUR(true),
    NAMED_BY_SOMEBODY_ELSE_TOO(false),
    PULLED_FROM_ANOTHER_PLACE_TOO(false),
    ITS_TAG_HAS_MOVED_ON(true);

    private final boolean goes;

    Case(boolean goes) {
      this.goes = goes;
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void only_what_we_pulled_and_nothing_needs_may_go(Case which) {
    var digest = "tool@sha256:dd";
    var tags =
        switch (which) {
          case NAMED_BY_SOMEBODY_ELSE_TOO -> List.of("tool:1", "mine:1");
          case ITS_TAG_HAS_MOVED_ON -> List.of("<none>:<none>");
          default -> List.of("tool:1");
        };
    var digests =
        which == Case.PULLED_FROM_ANOTHER_PLACE_TOO
            ? List.of(digest, "mirror.example/tool@sha256:dd")
            : List.of(digest);
    Set<String> wanted =
        switch (which) {
          case WANTED_BY_THE_MANIFEST -> Set.of("tool:1");
          case WANTED_BY_ITS_DIGEST -> Set.of(digest);
          case WANTED_BY_ITS_LONG_NAME -> Set.of("docker.io/library/tool:1");
          default -> Set.of("tool:2");
        };
    var since =
        switch (which) {
          case SINCE_USED_AGAIN -> null;
          case UNUSED_FOR_A_MOMENT_LESS_THAN_AN_HOUR -> NOW.minus(HOUR).plusMillis(1);
          case UNUSED_FOR_AN_HOUR -> NOW.minus(HOUR);
          default -> LONG_AGO;
        };
    var ours = Map.of("a", new PulledImage(Set.of("tool:1"), since));
    var seen =
        new DiskGuard.Seen(
            List.of(new ObservedImage("a", tags, digests, 1)),
            which == Case.USED_BY_A_CONTAINER ? Set.of("a") : Set.of("z"),
            wanted,
            which == Case.PULLED_BY_SOMEBODY_ELSE ? Map.of() : ours);
    assertThat(guard.toRemove(seen, FULL, NOW)).hasSize(which.goes ? 1 : 0);
  }

  @Test
  void the_longest_unused_go_first_and_no_more_than_needed() {
    var seen =
        seen(
            List.of(image("a", 10), image("b", 10), image("c", 15), image("d", 10)),
            Map.of("a", since(3), "b", since(9), "c", since(3), "d", since(2)));
    assertThat(guard.toRemove(seen, used(95), NOW))
        .extracting(ObservedImage::id)
        .isEqualTo(List.of("b", "c"));
    assertThat(guard.toRemove(seen, used(85), NOW))
        .extracting(ObservedImage::id)
        .isEqualTo(List.of("b"));
    assertThat(guard.toRemove(seen, used(75), NOW)).isEmpty();
    assertThat(guard.toRemove(seen, used(100), NOW))
        .extracting(ObservedImage::id)
        .isEqualTo(List.of("b", "c"));
    assertThat(
            guard.toRemove(seen(seen.images(), seen.pulled()), new DiskSpace(1_000, 990, 10), NOW))
        .as("all that may go, when even that is not enough")
        .extracting(ObservedImage::id)
        .isEqualTo(List.of("b", "c", "a", "d"));
  }

  @Test
  void an_image_is_unused_from_the_first_look_that_finds_no_use() {
    var images = List.of(image("a", 1));
    var pulled = Map.of("a", PulledImage.as("a:1"));
    var first = guard.remember(seen(images, pulled), NOW).kept();
    assertThat(first.get("a").unusedSince()).isEqualTo(NOW);
    var later = guard.remember(seen(images, first), NOW.plus(HOUR)).kept();
    assertThat(later).isEqualTo(first);
    var used = new DiskGuard.Seen(images, Set.of("a"), Set.of(), later);
    assertThat(guard.remember(used, NOW).kept().get("a").unusedSince()).isNull();
  }

  @Test
  void what_somebody_else_removed_is_forgotten_and_what_somebody_else_pulled_not_remembered() {
    var seen = seen(List.of(image("b", 1)), Map.of("a", since(5)));
    assertThat(guard.remember(seen, NOW)).isEqualTo(new DiskGuard.Memory(Map.of(), Set.of("a")));
  }

  @ParameterizedTest
  @CsvSource({"75, 75", "70, 75", "101, 75", "85, -1", "NaN, 75"})
  void thresholds_that_make_no_sense_are_refused(double start, double stop) {
    assertThatThrownBy(() -> new DiskGuard.Rules(start, stop, HOUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DTMA_DISK_GUARD_STOP_PERCENT");
  }

  @Test
  void a_disk_is_as_full_as_df_says() {
    var disk = new DiskSpace(105, 80, 20);
    assertThat(disk.usedPercent()).isEqualTo(80);
    assertThat(disk.bytesAbove(75)).isEqualTo(5);
    assertThat(new DiskSpace(0, 0, 0).usedPercent()).isZero();
  }

  private static DiskGuard.Seen seen(List<ObservedImage> images, Map<String, PulledImage> pulled) {
    return new DiskGuard.Seen(images, Set.of(), Set.of(), pulled);
  }

  private static ObservedImage image(String id, long size) {
    return new ObservedImage(id, List.of(id + ":1"), List.of(), size);
  }

  private static PulledImage since(int hours) {
    return new PulledImage(Set.of("a:1", "b:1", "c:1", "d:1"), NOW.minus(Duration.ofHours(hours)));
  }

  /** Of 100 bytes. */
  private static DiskSpace used(double percent) {
    var tenths = Math.round(percent * 10);
    return tenths % 10 == 0
        ? new DiskSpace(100, tenths / 10, 100 - tenths / 10)
        : new DiskSpace(1_000, tenths, 1_000 - tenths);
  }
}
