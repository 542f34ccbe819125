package io.agentopia.toolbox.bench.measure;

import java.util.Arrays;
import java.util.Collection;

/** What several runs, or many samples of one run, come to. Pure. */
public record Spread(double median, double least, double most, int count) {

  /**
   * @throws IllegalArgumentException for no value at all
   */
  public static Spread of(Collection<Double> values) {
    var sorted = sorted(values);
    return new Spread(at(sorted, 0.5), sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /**
   * The value that {@code share} of all are not above (nearest rank).
   *
   * @param share above 0, at most 1
   */
  public static double percentile(Collection<Double> values, double share) {
    var sorted = sorted(values);
    var rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank, 1, sorted.length) - 1];
  }

  private static double[] sorted(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    var sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Of an even number the mean of the two in the middle. */
  private static double at(double[] sorted, double share) {
    var middle = (sorted.length - 1) * share;
    var below = sorted[(int) Math.floor(middle)];
    var above = sorted[(int) Math.ceil(middle)];
    return (below + above) / 2;
  }
}
