package io.agentopia.toolbox.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.DtmaJoined;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.verdict.Health.*;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every kind of fact: what becomes of the watch. */
class WatchTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Instant BEFORE = NOW.minusSeconds(3600);
  private static final UUID ID = UUID.fromString("0199a1b2-0000-7000-8000-000000000001");

  private static final Health UNWATCHED = new Unwatched();
  private static final Health STARTING = new Starting(BEFORE);
  private static final Health HEALTHY = new Healthy(BEFORE);
  private static final Health DEGRADED = new Degraded(BEFORE, new HealthReason("disk_full"), "x");
  private static final Health STARTING_NOW = new Starting(NOW);

  static Stream<Arguments> table() {
    return Stream.of(
            row(ready(2), STARTING_NOW, STARTING, HEALTHY, DEGRADED),
            row(ready(3), STARTING_NOW, STARTING_NOW, STARTING_NOW, STARTING_NOW),
            row(joined(2), UNWATCHED, STARTING, HEALTHY, DEGRADED),
            row(joined(3), UNWATCHED, UNWATCHED, UNWATCHED, UNWATCHED),
            row(replaced(3), UNWATCHED, UNWATCHED, UNWATCHED, UNWATCHED),
            row(status(ToolboxStatus.ACTIVE), UNWATCHED, STARTING, HEALTHY, DEGRADED),
            row(status(ToolboxStatus.UNRESPONSIVE), UNWATCHED, STARTING, HEALTHY, DEGRADED),
            row(
                status(ToolboxStatus.PENDING_PROVISION),
                UNWATCHED,
                UNWATCHED,
                UNWATCHED,
                UNWATCHED),
            row(
                status(ToolboxStatus.ERROR_PROVISIONING),
                UNWATCHED,
                UNWATCHED,
                UNWATCHED,
                UNWATCHED),
            row(
                status(ToolboxStatus.PENDING_DEPROVISION),
                UNWATCHED,
                UNWATCHED,
                UNWATCHED,
                UNWATCHED),
            row(status(ToolboxStatus.DEPROVISIONING), UNWATCHED, UNWATCHED, UNWATCHED, UNWATCHED),
            row(
                status(ToolboxStatus.ERROR_DEPROVISIONING),
                UNWATCHED,
                UNWATCHED,
                UNWATCHED,
                UNWATCHED),
            row(
                Told.toolboxDeleted(new Subject(ID, "acct-1", 2, 8), ToolboxStatus.DEPROVISIONED),
                UNWATCHED,
                UNWATCHED,
                UNWATCHED,
                UNWATCHED))
        .flatMap(List::stream);
  }

  private static List<Arguments> row(
      ToolboxLifecycle event, Health unwatched, Health starting, Health healthy, Health degraded) {
    return List.of(
        Arguments.of(UNWATCHED, event, unwatched),
        Arguments.of(STARTING, event, starting),
        Arguments.of(HEALTHY, event, healthy),
        Arguments.of(DEGRADED, event, degraded));
  }

  @ParameterizedTest(name = "{0} + {1}")
  @MethodSource("table")
  void becomes(Health health, ToolboxLifecycle event, Health expected) {
    var after = new Watch(2, 7, BEFORE, health).after(event, NOW);
    assertThat(after.health()).isEqualTo(expected);
    assertThat(after.generation()).isEqualTo(event.generation());
    assertThat(after.lifecycleSequence()).isEqualTo(8);
    assertThat(after.since()).isEqualTo(expected.equals(STARTING_NOW) ? NOW : BEFORE);
  }

  @Test
  void aRepeatedEarlierOrOutdatedEventChangesNothing() {
    var watch = new Watch(2, 8, BEFORE, HEALTHY);
    assertThat(watch.after(ready(2), NOW)).isSameAs(watch);
    assertThat(new Watch(2, 9, BEFORE, HEALTHY).after(status(ToolboxStatus.DEPROVISIONING), NOW))
        .extracting(Watch::health)
        .isEqualTo(HEALTHY);
    var newer = new Watch(4, 7, BEFORE, HEALTHY);
    assertThat(newer.after(ready(3), NOW)).isSameAs(newer);
  }

  @Test
  void aToolboxNeverHeardOfIsWatchedFromItsFirstDropletReadyOn() {
    assertThat(Watch.none(BEFORE).after(ready(2), NOW))
        .isEqualTo(new Watch(2, 8, NOW, STARTING_NOW));
  }

  private static DropletReady ready(long generation) {
    return Told.dropletReady(
        new Subject(ID, "acct-1", generation, 8),
        ToolboxStatus.AWAITING_HEARTBEAT,
        7,
        "203.0.113.1",
        30000);
  }

  private static DtmaJoined joined(long generation) {
    return Told.dtmaJoined(
        new Subject(ID, "acct-1", generation, 8), ToolboxStatus.AWAITING_HEARTBEAT, "0.1.0", 30000);
  }

  private static DropletReplaced replaced(long generation) {
    return Told.dropletReplaced(
        new Subject(ID, "acct-1", generation, 8), ToolboxStatus.PROVISIONING, 7, 9, "recreation");
  }

  private static ToolboxStatusChanged status(ToolboxStatus status) {
    return Told.toolboxStatusChanged(new Subject(ID, "acct-1", 2, 8), status, null);
  }
}
