package io.agentopia.toolbox.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Measurement;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.verdict.Health.*;
import io.agentopia.toolbox.health.verdict.Signals.Beat;
import io.agentopia.toolbox.runtime.config.ShippedSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Thresholds in pairs, and the life of a verdict as a table of state and verdict. */
class VerdictTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Thresholds THRESHOLDS = ShippedSettings.of(HealthConfig.class, Map.of());
  private static final Instant LONG_AGO = NOW.minusSeconds(3600);

  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of("silent for less than 30 s", beat(29_999, 10), null, "ok"),
        Arguments.of("silent for 30 s", beat(30_000, 10), null, "heartbeat_missing"),
        Arguments.of("Docker lost for less than 30 s", beat(0, 10), NOW.minusMillis(29_999), "ok"),
        Arguments.of(
            "Docker lost for 30 s", beat(0, 10), NOW.minusMillis(30_000), "docker_unreachable"),
        Arguments.of("disk at the limit", beat(0, 95), null, "ok"),
        Arguments.of("disk over the limit", beat(0, 95.1), null, "disk_full"),
        Arguments.of(
            "silence names the trouble before a full disk",
            beat(60_000, 99),
            null,
            "heartbeat_missing"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("pairs")
  void threshold(String name, Beat beat, Instant dockerLostAt, String code) {
    var verdict = Verdict.of(new Signals(LONG_AGO, beat, dockerLostAt), THRESHOLDS, NOW);
    assertThat(verdict.trouble().map(Finding::code).orElse("ok")).isEqualTo(code);
    assertThat(verdict.isHealthy()).isEqualTo(code.equals("ok"));
  }

  @Test
  void anOperatorSetsTheThresholdOfACheckThatThereIs() {
    var strict = ShippedSettings.of(HealthConfig.class, Map.of("health.most.disk", "50"));
    var half = new Signals(LONG_AGO, beat(0, 50), null);
    var more = new Signals(LONG_AGO, beat(0, 50.1), null);
    assertThat(Verdict.of(half, strict, NOW).isHealthy()).isTrue();
    assertThat(Verdict.of(more, strict, NOW).isHealthy()).isFalse();
    HealthCheck.refuseUnknown(strict.most().keySet());
    assertThatThrownBy(() -> HealthCheck.refuseUnknown(Set.of("dsk")))
        .hasMessageContaining("[disk]");
  }

  /** Its owner's agent does it; nobody is recreated for that, but everybody can see it. */
  @Test
  void whatDoesNotFitIsToldAndNoTrouble() {
    var beat = new Beat(NOW, null, List.of("agentImage", "metrics.cpuPercent"));
    var verdict = Verdict.of(new Signals(LONG_AGO, beat, null), THRESHOLDS, NOW);
    assertThat(verdict.isHealthy()).isTrue();
    assertThat(verdict.findings())
        .anySatisfy(f -> assertThat(f.detail()).endsWith("agentImage, metrics.cpuPercent"));
  }

  @Test
  void silenceCountsFromTheBeginningOfTheWatchNotBefore() {
    var before =
        Verdict.of(new Signals(NOW.minusMillis(29_999), beat(3_600_000, 1), null), THRESHOLDS, NOW);
    var after =
        Verdict.of(new Signals(NOW.minusMillis(30_000), beat(3_600_000, 1), null), THRESHOLDS, NOW);
    assertThat(before.trouble()).isEmpty();
    assertThat(after.trouble()).isPresent();
  }

  @Test
  void withoutAHeartbeatNothingIsHealthyAndNothingIsWrongYet() {
    var verdict = Verdict.of(new Signals(NOW, null, null), THRESHOLDS, NOW);
    assertThat(verdict.isHealthy()).isFalse();
    assertThat(verdict.trouble()).isEmpty();
    assertThat(verdict.lookAgainAt()).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void itSaysWhenTimeAloneCanChangeIt() {
    var verdict =
        Verdict.of(new Signals(LONG_AGO, beat(10_000, 1), NOW.minusSeconds(25)), THRESHOLDS, NOW);
    assertThat(verdict.lookAgainAt()).isEqualTo(NOW.plusSeconds(5));
  }

  @Test
  void anOldHeartbeatIsNoSignOfLifeWhileNobodyCouldHaveHeardANewerOne() {
    var justStarted = new Signals(NOW.minusSeconds(5), beat(3_600_000, 1), null);
    var verdict = Verdict.of(justStarted, THRESHOLDS, NOW);
    assertThat(verdict.isHealthy()).isFalse();
    assertThat(verdict.trouble()).isEmpty();
    assertThat(verdict.lookAgainAt()).isEqualTo(NOW.plusSeconds(25));
  }

  static Stream<Arguments> table() {
    var bad = new Degraded(LONG_AGO, new HealthReason("disk_full"), "x");
    return Stream.of(
        Arguments.of(new Unwatched(), "well", new Unwatched()),
        Arguments.of(new Unwatched(), "early", new Unwatched()),
        Arguments.of(new Unwatched(), "silent", new Unwatched()),
        Arguments.of(new Starting(LONG_AGO), "well", new Healthy(NOW)),
        Arguments.of(new Starting(LONG_AGO), "early", new Starting(LONG_AGO)),
        Arguments.of(new Starting(LONG_AGO), "silent", new Starting(LONG_AGO)),
        Arguments.of(new Healthy(LONG_AGO), "well", new Healthy(LONG_AGO)),
        Arguments.of(new Healthy(LONG_AGO), "early", new Healthy(LONG_AGO)),
        Arguments.of(new Healthy(LONG_AGO), "silent", "heartbeat_missing"),
        Arguments.of(new Starting(LONG_AGO), "restarted", new Starting(LONG_AGO)),
        Arguments.of(new Healthy(LONG_AGO), "restarted", new Healthy(LONG_AGO)),
        Arguments.of(bad, "restarted", bad),
        Arguments.of(bad, "well", new Healthy(NOW)),
        Arguments.of(bad, "early", bad),
        Arguments.of(bad, "silent", bad));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @MethodSource("table")
  void life(Health before, String what, Object expected) {
    var signals =
        switch (what) {
          case "well" -> new Signals(LONG_AGO, beat(0, 1), null);
          case "restarted" -> new Signals(NOW.minusSeconds(5), beat(3_600_000, 1), null);
          case "early" -> new Signals(NOW, null, null);
          default -> new Signals(LONG_AGO, beat(60_000, 1), null);
        };
    var after = before.after(Verdict.of(signals, THRESHOLDS, NOW), NOW);
    if (expected instanceof String reason) {
      assertThat(after)
          .isInstanceOfSatisfying(
              Degraded.class, d -> assertThat(d.reason().wire()).isEqualTo(reason));
    } else {
      assertThat(after).isEqualTo(expected);
    }
  }

  private static Beat beat(long ageMillis, double disk) {
    return new Beat(
        NOW.minusMillis(ageMillis),
        new Metrics(Map.of(Measurement.DISK_PERCENT, disk, Measurement.MEMORY_PERCENT, 1)),
        List.of());
  }
}
