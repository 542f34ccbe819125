package io.agentopia.toolbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeTest {
  private static Outcome outcome() {
    var runs = new LinkedHashMap<String, List<Map<String, Double>>>();
    runs.put(
        "this",
        List.of(Map.of("CPU, ms", 100.0), Map.of("CPU, ms", 120.0), Map.of("CPU, ms", 300.0)));
    runs.put("1a2b3c4", List.of(Map.of("CPU, ms", 480.0), Map.of("CPU, ms", 480.0)));
    runs.put("peer", List.of(Map.of("workflows/s", 217.0)));
    return new Outcome(
        "sagas", "2026-11-27T12:00:00Z", "a machine", Map.of(), Map.of(), Map.of(), runs);
  }

  @Test
  void theTableHasMediansSpreadAndTheRatioToEachOther() {
    assertThat(outcome().table().lines())
        .contains(
            "| figure | this | 1a2b3c4 | peer | this / 1a2b3c4 | this / peer |",
            "| CPU, ms | 120 (100 to 300) | 480 (480 to 480) |  | 0.250 |  |",
            "| workflows/s |  |  | 217 |  |  |");
  }

  @Test
  void theFileHoldsEveryRunAndTheSummary(@TempDir Path directory) throws IOException {
    var file = directory.resolve("results").resolve("sagas.json");
    outcome().write(file);

    var written = new ObjectMapper().readTree(file.toFile());
    assertThat(written.at("/runs/this").size()).isEqualTo(3);
    assertThat(written.at("/summary/this/CPU, ms/median").asDouble()).isEqualTo(120);
    assertThat(written.at("/summary/this/CPU, ms/most").asDouble()).isEqualTo(300);
  }
}
