package io.agentopia.toolbox.runtime.messaging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How the records of one poll are handled in few transactions: in lanes side by side, each a row of
 * chunks that come one after the other, each chunk one transaction. Pure.
 *
 * <p>All records of a toolbox are in one lane, in their order. Within a chunk they stand by
 * toolbox: whoever locks toolboxes does it in the same order everywhere, so that two such
 * transactions never wait for each other.
 */
final class BatchPlan {
  /** Fewer records than this do not pay for another transaction beside the first. */
  static final int WORTH_A_LANE = 16;

  static final int MOST_LANES = 4;
  static final int MOST_RECORDS = 50;
  static final int MOST_BYTES = 1 << 20;

  private BatchPlan() {}

  /**
   * @param deliveries in the order of each partition
   * @return lanes of chunks of deliveries; no lane and no chunk is empty
   */
  static List<List<List<Delivery>>> lanes(List<Delivery> deliveries) {
    var number = Math.clamp(deliveries.size() / WORTH_A_LANE, 1, MOST_LANES);
    var lanes = IntStream.range(0, number).mapToObj(i -> new ArrayList<Delivery>()).toList();
    deliveries.forEach(d -> lanes.get(Math.floorMod(Objects.hashCode(d.key()), number)).add(d));
    return lanes.stream().filter(lane -> !lane.isEmpty()).map(BatchPlan::chunks).toList();
  }

  private static List<List<Delivery>> chunks(List<Delivery> lane) {
    var chunks = new ArrayList<List<Delivery>>();
    var chunk = new ArrayList<Delivery>();
    var bytes = 0;
    for (var delivery : lane) {
      var size = delivery.body() == null ? 0 : delivery.body().length;
      if (chunk.size() == MOST_RECORDS || !chunk.isEmpty() && bytes + size > MOST_BYTES) {
        chunks.add(byToolbox(chunk));
        chunk.clear();
        bytes = 0;
      }
      chunk.add(delivery);
      bytes += size;
    }
    chunks.add(byToolbox(chunk));
    return List.copyOf(chunks);
  }

  private static List<Delivery> byToolbox(List<Delivery> chunk) {
    // A stable sort: what is said of one toolbox stays in its order.
    return chunk.stream()
        .sorted(Comparator.comparing(Delivery::key, Comparator.nullsFirst(String::compareTo)))
        .toList();
  }
}
