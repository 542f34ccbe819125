package io.agentopia.toolbox.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that others know measurements by: docs/agent-protocol.md and whoever scrapes. */
class MeasurementTest {
  @ParameterizedTest
  @CsvSource({
    "CPU_PERCENT,            cpuPercent,           cpu_percent,            cpu_usage,    true",
    "MEMORY_PERCENT,         memoryPercent,        memory_percent,         memory_usage, true",
    "DISK_PERCENT,           diskPercent,          disk_percent,           disk_usage,   true",
    "MEMORY_TOTAL_BYTES,     memoryTotalBytes,     memory_total_bytes,     ,             true",
    "MEMORY_AVAILABLE_BYTES, memoryAvailableBytes, memory_available_bytes, ,             false",
    "DISK_TOTAL_BYTES,       diskTotalBytes,       disk_total_bytes,       ,             true",
    "DISK_USABLE_BYTES,      diskUsableBytes,      disk_usable_bytes,      ,             false"
  })
  void names(Measurement what, String heartbeat, String status, String share, boolean isTold) {
    assertThat(what.camel()).isEqualTo(heartbeat);
    assertThat(what.snake()).isEqualTo(status);
    assertThat(what.isPercent()).isEqualTo(share != null);
    assertThat(share == null ? null : what.usage()).isEqualTo(share);
    assertThat(Measurement.TOLD.contains(what)).isEqualTo(isTold);
  }

  /** What readers do not know they leave out without a word. */
  @Test
  void whatIsToldIsKnownToThoseWhoReadIt() {
    var known =
        Arrays.stream(io.agentopia.toolbox.events.Measurement.values())
            .map(io.agentopia.toolbox.events.Measurement::wire)
            .toList();
    assertThat(Measurement.TOLD).extracting(Measurement::camel).isSubsetOf(known);
  }

  @Test
  void onlyThoseAskedForAreNamed() {
    var measured =
        Map.<Measurement, Number>of(
            Measurement.DISK_PERCENT, 20.1, Measurement.DISK_USABLE_BYTES, 7L);
    assertThat(Measurement.named(measured, Measurement.TOLD, Measurement::camel))
        .isEqualTo(Map.of("diskPercent", 20.1));
  }
}
