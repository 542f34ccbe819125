package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlanTest {
  private static Delivery delivery(String key, long offset, int bytes) {
    return new Delivery("toolbox.lifecycle", 0, offset, key, Map.of(), new byte[bytes], 1);
  }

  private static List<Delivery> some(int number, int toolboxes, long seed) {
    var random = new Random(seed);
    var all = new ArrayList<Delivery>();
    for (var i = 0; i < number; i++) {
      var toolbox = random.nextInt(toolboxes + 1);
      all.add(delivery(toolbox == toolboxes ? null : "t" + toolbox, i, random.nextInt(100_000)));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyRecordIsHandledOnceAndOneToolboxInOneLaneInItsOrder(long seed) {
    var given = some(1 + (int) (seed * 70), 12, seed);
    var lanes = BatchPlan.lanes(given);

    assertThat(lanes.stream().flatMap(List::stream).flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(given);
    assertThat(lanes).hasSizeBetween(1, BatchPlan.MOST_LANES);
    var seen = new HashSet<String>();
    for (var lane : lanes) {
      var byToolbox = new java.util.HashMap<String, Long>();
      for (var chunk : lane) {
        assertThat(chunk).isNotEmpty().hasSizeLessThanOrEqualTo(BatchPlan.MOST_RECORDS);
        assertThat(chunk.stream().mapToLong(d -> d.body().length).sum())
            .isLessThanOrEqualTo(Math.max(BatchPlan.MOST_BYTES, chunk.getFirst().body().length));
        for (var delivery : chunk) {
          var before = byToolbox.put(String.valueOf(delivery.key()), delivery.offset());
          assertThat(before == null || before < delivery.offset())
              .as("order of a toolbox")
              .isTrue();
        }
      }
      byToolbox.keySet().forEach(t -> assertThat(seen.add(t)).as("lane of " + t).isTrue());
    }
  }

  @Test
  void withinATransactionToolboxesStandInOneOrderEverywhere() {
    var keys =
        BatchPlan.lanes(some(15, 6, 1)).getFirst().getFirst().stream()
            .map(d -> d.key() == null ? "" : d.key())
            .toList();
    assertThat(keys).isSorted();
  }

  @Test
  void fewRecordsAreOneTransaction() {
    assertThat(BatchPlan.lanes(some(2 * BatchPlan.WORTH_A_LANE - 1, 20, 1))).hasSize(1);
    assertThat(BatchPlan.lanes(some(4 * BatchPlan.WORTH_A_LANE, 40, 1))).hasSize(4);
  }

  @Test
  void aRecordOverTheLimitIsAChunkOfItsOwn() {
    var big = delivery("b", 1, BatchPlan.MOST_BYTES + 1);
    var lanes = BatchPlan.lanes(List.of(delivery("a", 0, 1), big, delivery("c", 2, 1)));
    assertThat(lanes.getFirst()).hasSize(3).contains(List.of(big));
  }
}
