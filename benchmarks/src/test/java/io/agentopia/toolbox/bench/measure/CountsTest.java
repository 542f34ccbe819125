package io.agentopia.toolbox.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CountsTest {
  private static Counts counts(double seconds, Map<String, Double> cpu, double rows) {
    return new Counts(
        (long) (seconds * 1e9),
        new TreeMap<>(cpu),
        new TreeMap<>(),
        new TreeMap<>(),
        rows,
        0,
        new TreeMap<>(),
        0);
  }

  @Test
  void whatCameInBetweenIsTheDifference() {
    var before = counts(1, Map.of("gateway", 100.0), 5);
    var spent = counts(3, Map.of("gateway", 250.0, "health", 40.0), 12).since(before);

    assertThat(spent.seconds()).isEqualTo(2);
    assertThat(spent.cpuMillis()).containsEntry("gateway", 150.0).containsEntry("health", 40.0);
    assertThat(spent.rowsWritten()).isEqualTo(7);
  }

  @Test
  void aProcessThatWasReplacedCountsFromZero() {
    var before = counts(1, Map.of("gateway", 5_000.0), 0);

    assertThat(counts(2, Map.of("gateway", 300.0), 0).since(before).cpuMillis())
        .containsEntry("gateway", 300.0);
  }
}
