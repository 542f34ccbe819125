package io.agentopia.toolbox.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one run came to: named numbers in the order they are shown; the name holds the unit. */
public final class Figures {
  private final LinkedHashMap<String, Double> all = new LinkedHashMap<>();

  public Figures put(String name, double value) {
    all.put(name, value);
    return this;
  }

  /**
   * Each of the map under {@code prefix}, divided by {@code by}; what comes to nothing is left out.
   */
  public Figures putEach(String prefix, TreeMap<String, Double> values, double by) {
    values.forEach(
        (name, value) -> {
          if (value > 0) {
            put(prefix + ": " + name, value / by);
          }
        });
    return this;
  }

  public Map<String, Double> all() {
    return all;
  }

  /** Of each figure that any run has: median and spread over those that have it. */
  public static Map<String, Spread> summary(List<Figures> runs) {
    var values = new LinkedHashMap<String, List<Double>>();
    for (var run : runs) {
      run.all.forEach(
          (name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    var summary = new LinkedHashMap<String, Spread>();
    values.forEach((name, list) -> summary.put(name, Spread.of(list)));
    return summary;
  }
}
