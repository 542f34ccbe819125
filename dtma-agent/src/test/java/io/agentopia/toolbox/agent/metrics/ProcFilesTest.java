package io.agentopia.toolbox.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFilesTest {
  private static final String STAT =
      """
      cpu  1000 100 500 8000 200 50 50 100 70 0
      cpu0 500 50 250 4000 100 25 25 50 35 0
      intr 12345
      """;
  private static final String A_LITTLE_LATER =
      """
      cpu  1030 100 510 8050 210 50 50 100 90 0
      """;
  private static final String MEMINFO =
      """
      MemTotal:        1000000 kB
      MemFree:          100000 kB
      MemAvailable:     550000 kB
      Buffers:           10000 kB
      Cached:           400000 kB
      """;

  @Test
  void guest_time_is_counted_once_and_waiting_for_the_disk_is_idle() {
    assertThat(ProcFiles.cpu(STAT)).isEqualTo(new ProcFiles.CpuTimes(10_000, 8_200));
  }

  @Test
  void the_busy_share_is_that_of_the_time_between_two_looks() {
    var percent = ProcFiles.cpuPercent(ProcFiles.cpu(STAT), ProcFiles.cpu(A_LITTLE_LATER));
    assertThat(percent).isCloseTo(40.0, within(0.001));
  }

  @Test
  void no_time_between_two_looks_is_no_load() {
    assertThat(ProcFiles.cpuPercent(ProcFiles.cpu(STAT), ProcFiles.cpu(STAT))).isZero();
  }

  @Test
  void memory_that_can_be_had_at_once_is_not_used() {
    var memory = ProcFiles.memory(MEMINFO);
    assertThat(memory.totalBytes()).isEqualTo(1_024_000_000L);
    assertThat(memory.usedPercent()).isCloseTo(45.0, within(0.001));
  }

  @Test
  void a_kernel_without_MemAvailable_is_understood() {
    var older = MEMINFO.replaceAll("MemAvailable.*\n", "");
    assertThat(ProcFiles.memory(older).usedPercent()).isCloseTo(49.0, within(0.001));
  }

  @Test
  void files_of_another_kind_are_zero_not_a_failure() {
    assertThat(ProcFiles.cpu("")).isEqualTo(new ProcFiles.CpuTimes(0, 0));
    assertThat(ProcFiles.memory("").usedPercent()).isZero();
  }

  @Test
  void a_sample_reads_the_files_and_the_disk(@TempDir Path proc) throws IOException {
    Files.writeString(proc.resolve("stat"), STAT);
    Files.writeString(proc.resolve("meminfo"), MEMINFO);
    var clock = new Ticking();
    var metrics = new SystemMetrics(proc, proc, clock);
    assertThat(metrics.sample().get(Measurement.CPU_PERCENT)).isEqualTo(18.0);
    Files.writeString(proc.resolve("stat"), A_LITTLE_LATER);
    assertThat(metrics.sample().get(Measurement.CPU_PERCENT))
        .as("too soon for another look")
        .isEqualTo(18.0);
    clock.now = clock.now.plusSeconds(10);
    var sample = metrics.sample();
    assertThat(sample.get(Measurement.CPU_PERCENT)).isEqualTo(40.0);
    assertThat(sample.get(Measurement.MEMORY_PERCENT)).isEqualTo(45.0);
    assertThat(sample.get(Measurement.DISK_TOTAL_BYTES))
        .isEqualTo(Files.getFileStore(proc).getTotalSpace());
    assertThat(sample.get(Measurement.DISK_PERCENT).doubleValue()).isBetween(0.0, 100.0);
  }

  @Test
  void numbers_that_cannot_be_read_keep_their_last_value(@TempDir Path proc) throws IOException {
    Files.writeString(proc.resolve("stat"), STAT);
    Files.writeString(proc.resolve("meminfo"), MEMINFO);
    var clock = new Ticking();
    var metrics = new SystemMetrics(proc, proc, clock);
    var before = metrics.sample();
    Files.delete(proc.resolve("stat"));
    clock.now = clock.now.plusSeconds(10);
    assertThat(metrics.sample()).isEqualTo(before);
  }

  private static final class Ticking extends Clock {
    private Instant now = Instant.parse("2026-11-23T15:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
