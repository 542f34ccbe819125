package io.agentopia.toolbox.health.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.health.rollout.Phase.Failed;
import io.agentopia.toolbox.health.rollout.Phase.LeftOut;
import io.agentopia.toolbox.health.rollout.Phase.Moved;
import io.agentopia.toolbox.health.rollout.Phase.Proved;
import io.agentopia.toolbox.health.rollout.Phase.Requested;
import io.agentopia.toolbox.health.rollout.Phase.Returned;
import io.agentopia.toolbox.health.rollout.Phase.Returning;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every phase with everything that can be seen of a toolbox, and thresholds in pairs. */
class PhaseTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant NOW = NOON.plusSeconds(60);
  private static final Instant LONG_AGO = NOON.minusSeconds(86_400);
  private static final String OLD = "sha256:" + "a".repeat(64);
  private static final String NEW = "sha256:" + "b".repeat(64);
  private static final String OTHER = "sha256:" + "c".repeat(64);
  private static final Health WELL = new Healthy(LONG_AGO);
  private static final Health FULL =
      new Degraded(NOW, new HealthReason("disk_full"), "the disk is full");
  private static final Health SILENT =
      new Degraded(NOW, new HealthReason("heartbeat_missing"), "silent");

  private static final List<Phase> PHASES =
      List.of(
          new Requested(NOON, false),
          new Moved(NOON, LONG_AGO),
          new Returning(NOON),
          new Proved(NOON),
          new Failed(NOON, "x"),
          new LeftOut(NOON, "x"),
          new Returned(NOON));

  private static final Map<String, AgentObservation> SIGHTS = new LinkedHashMap<>();

  static {
    SIGHTS.put("runs from the old image", seen(WELL, OLD, null));
    SIGHTS.put("runs from the new image", seen(WELL, NEW, null));
    SIGHTS.put("runs from a third image", seen(WELL, OTHER, null));
    SIGHTS.put("names no image", seen(WELL, null, null));
    SIGHTS.put("is on its way", seen(WELL, OLD, upgrade(NEW, "pulling")));
    SIGHTS.put("could not start the new image", seen(WELL, OLD, upgrade(NEW, "failed")));
    SIGHTS.put("failed with a third image", seen(WELL, OLD, upgrade(OTHER, "failed")));
    SIGHTS.put("is degraded with the new image", seen(FULL, NEW, null));
    SIGHTS.put("is degraded with the old image", seen(FULL, OLD, null));
    SIGHTS.put("has just fallen silent", seen(SILENT, NEW, null));
    SIGHTS.put("is going away", seen(new Unwatched(), NEW, null));
    SIGHTS.put("has lost its droplet", new AgentObservation(1, SILENT, true, NOW, NEW, null));
    SIGHTS.put("has another droplet", new AgentObservation(2, WELL, false, NOW, OLD, null));
  }

  /** A column for each of requested, moved and returning; "-" stays. The others never change. */
  static Stream<Arguments> table() {
    return Stream.of(
            row("runs from the old image", "-", "failed", "returned"),
            row("runs from the new image", "moved", "-", "-"),
            row("runs from a third image", "-", "failed", "-"),
            row("names no image", "-", "failed", "-"),
            row("is on its way", "-", "failed", "-"),
            row("could not start the new image", "failed", "failed", "returned"),
            row("failed with a third image", "-", "failed", "returned"),
            row("is degraded with the new image", "-", "failed", "-"),
            row("is degraded with the old image", "-", "failed", "returned"),
            row("has just fallen silent", "-", "-", "-"),
            row("is going away", "left_out", "left_out", "left_out"),
            row("has lost its droplet", "left_out", "left_out", "left_out"),
            row("has another droplet", "left_out", "left_out", "left_out"))
        .flatMap(s -> s);
  }

  private static Stream<Arguments> row(String sight, String... expected) {
    return Stream.iterate(0, i -> i < PHASES.size(), i -> i + 1)
        .map(i -> Arguments.of(PHASES.get(i), sight, i < expected.length ? expected[i] : "-"));
  }

  @ParameterizedTest(name = "{0} + {1}: {2}")
  @MethodSource("table")
  void life(Phase phase, String sight, String expected) {
    var after = phase.after(SIGHTS.get(sight), move(LONG_AGO), NOW);
    assertThat(after == phase ? "-" : after.name()).isEqualTo(expected);
  }

  @Test
  void theDeadlineForAMove() {
    var asked = new Requested(NOON, false);
    assertThat(asked.after(seen(WELL, OLD, null), move(LONG_AGO), NOON.plusMillis(899_999)))
        .isSameAs(asked);
    assertThat(asked.after(seen(WELL, OLD, null), move(LONG_AGO), NOON.plusSeconds(900)))
        .isInstanceOf(Failed.class);
  }

  @Test
  void aMoveThatWasMadeIsNotLateHoweverLateItIsLookedAt() {
    var late = NOON.plusSeconds(9000);
    assertThat(new Requested(NOON, false).after(seen(WELL, NEW, null), move(LONG_AGO), late))
        .isEqualTo(new Moved(NOW, LONG_AGO));
  }

  @Test
  void noDeadlinePassesWhileNobodyListens() {
    var asked = new Requested(NOON, false);
    var since = NOON.plusSeconds(5000);
    assertThat(asked.after(seen(WELL, OLD, null), move(since), since.plusMillis(899_999)))
        .isSameAs(asked);
    assertThat(asked.after(seen(WELL, OLD, null), move(since), since.plusSeconds(900)))
        .isInstanceOf(Failed.class);
  }

  @Test
  void theDeadlineForAReturn() {
    var asked = new Returning(NOON);
    assertThat(asked.after(seen(WELL, NEW, null), move(LONG_AGO), NOON.plusMillis(899_999)))
        .isSameAs(asked);
    assertThat(asked.after(seen(WELL, NEW, null), move(LONG_AGO), NOON.plusSeconds(900)))
        .isInstanceOf(LeftOut.class);
  }

  @Test
  void itIsProvedByAHeartbeatAtTheEndOfTheBakeAndNotByTimeAlone() {
    var moved = new Moved(NOON, LONG_AGO);
    var late = NOON.plusSeconds(9000);
    assertThat(moved.after(heard(NOON.plusMillis(599_999)), move(LONG_AGO), late)).isSameAs(moved);
    assertThat(moved.after(heard(NOON.plusSeconds(600)), move(LONG_AGO), late))
        .isEqualTo(new Proved(late));
  }

  @Test
  void troubleBetweenTwoLooksIsSeenByTheNewBeginningOfItsHealth() {
    var moved = new Moved(NOON, LONG_AGO);
    assertThat(moved.after(seen(new Healthy(NOW), NEW, null), move(LONG_AGO), NOW))
        .isInstanceOf(Failed.class);
  }

  @Test
  void silenceIsAFailureOnlyWhenTheCloudHasHadTimeToTellOfALostDroplet() {
    var moved = new Moved(NOON, LONG_AGO);
    assertThat(moved.after(seen(SILENT, NEW, null), move(LONG_AGO), NOW.plusMillis(179_999)))
        .isSameAs(moved);
    assertThat(moved.after(seen(SILENT, NEW, null), move(LONG_AGO), NOW.plusSeconds(180)))
        .isInstanceOf(Failed.class);
  }

  @Test
  void anEarlierFailureWithTheSameImageIsNoNewsUntilTheAgentSaysAnythingElse() {
    var asked = new Requested(NOON, true);
    var old = seen(WELL, OLD, upgrade(NEW, "failed"));
    assertThat(asked.after(old, move(LONG_AGO), NOW)).isSameAs(asked);
    var tries = asked.after(seen(WELL, OLD, upgrade(NEW, "pulling")), move(LONG_AGO), NOW);
    assertThat(tries).isEqualTo(new Requested(NOON, false));
    assertThat(tries.after(old, move(LONG_AGO), NOW))
        .isEqualTo(new Failed(NOW, "it could not move: no space"));
  }

  @Test
  void aHeartbeatOfBeforeItWasAskedDoesNotSayThatItIsBack() {
    var asked = new Returning(NOW.plusMillis(1));
    assertThat(asked.after(seen(WELL, OLD, null), move(LONG_AGO), NOW.plusSeconds(1)))
        .isSameAs(asked);
    assertThat(new Returning(NOW).after(seen(WELL, OLD, null), move(LONG_AGO), NOW.plusSeconds(1)))
        .isInstanceOf(Returned.class);
  }

  private static Move move(Instant listeningSince) {
    return new Move(
        1,
        OLD,
        NEW,
        Duration.ofSeconds(600),
        Duration.ofSeconds(900),
        Duration.ofSeconds(180),
        listeningSince);
  }

  private static AgentObservation seen(Health health, String digest, AgentUpgrade upgrade) {
    return new AgentObservation(1, health, false, NOW, digest, upgrade);
  }

  private static AgentObservation heard(Instant at) {
    return new AgentObservation(1, WELL, false, at, NEW, null);
  }

  private static AgentUpgrade upgrade(String digest, String outcome) {
    return new AgentUpgrade(
        "registry.example/dtma@" + digest,
        new UpgradeOutcome(outcome),
        outcome.equals("failed") ? "no space" : null);
  }
}
