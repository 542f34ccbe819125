package io.agentopia.toolbox.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.HeartbeatsChangeHandsTest.BatchesAtHandoversOnly;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A partition of the heartbeats goes to another instance, and comes back when that one is killed.
 * Whatever is found stored was stored at the handover, for no other batch is due here.
 */
@QuarkusTest
@TestProfile(BatchesAtHandoversOnly.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class HeartbeatsChangeHandsTest {
  public static class BatchesAtHandoversOnly implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("health.store-heard-every", "1H", "health.remediation.silence", "10S");
    }
  }

  /** One of each partition, which the service has found healthy. */
  private final Story first = healthy(0);

  private final Story second = healthy(1);

  @Test
  void whatAKilledOwnerHadReadAndNotStoredIsReadAgain() {
    Story story;
    try (var other = joined()) {
      story = story(other.partition());
      story.ready(1, 1);
      story.beat(1);
      until(() -> other.beatsOf(story) == 1);
      until(() -> "starting".equals(story.document("status")));
    }
    until(() -> !story.healthy().isEmpty());
    assertThat(story.events(DtmaHealthy.class)).hasSize(1);
  }

  @Test
  void whoSpeaksToAnotherInstanceIsNotCalledSilentNeitherThenNorWhenThatOneIsKilled() {
    Story away;
    Story here;
    try (var other = joined()) {
      away = isHeardBy(other);
      here = away == first ? second : first;
      here.beat(1); // so that its silence begins later than the one that could be thought of
      until(() -> beats(away) && here.events(HealthDegraded.class).size() == 1);
      assertThat(away.events(HealthDegraded.class)).isEmpty();
    }
    here.beat(1);
    until(() -> beats(away) && "healthy".equals(here.document("status")));
    until(() -> beats(away) && here.events(HealthDegraded.class).size() == 2);
    assertThat(away.events(HealthDegraded.class)).isEmpty();
  }

  @Test
  void aSilenceThatBeganBeforeTheHandoverIsFoundAfterTheNextOne() {
    Story away;
    try (var other = joined()) {
      away = isHeardBy(other);
    }
    until(() -> !away.events(HealthDegraded.class).isEmpty());
    assertThat(away.events(HealthDegraded.class).getFirst().reason())
        .isEqualTo(new HealthReason("heartbeat_missing"));
  }

  @Test
  void whenItWasHeardLastIsKnownToAllAfterTheHandover() {
    var told = Stream.of(first, second).map(HeartbeatsChangeHandsTest::heardAt).toList();
    first.beat(1);
    second.beat(1);
    until(() -> heardAt(first).isAfter(told.get(0)) && heardAt(second).isAfter(told.get(1)));
    var heard = Map.of(first, heardAt(first), second, heardAt(second));
    try (var other = joined()) {
      var away = isHeardBy(other);
      assertThat(heardAt(away)).isEqualTo(heard.get(away));
      // the beat said nothing new, and so it was not written to the toolbox's row
      assertThat(Instant.parse(away.document("figuresAt"))).isBefore(heard.get(away));
    }
  }

  @Test
  void aLostDropletIsLeftAloneWhileItsAgentMayBeHeardByAnother() {
    Story away;
    try (var other = new OtherConsumer()) {
      until(() -> beats(first) && beats(second) && other.hasJoined());
      away = isHeardBy(other);
      var here = away == first ? second : first;
      lost(away);
      lost(here);
      until(() -> !here.events(RemediationRequested.class).isEmpty());
      assertThat(away.events(RemediationRequested.class)).isEmpty();
    }
    until(() -> !away.events(RemediationRequested.class).isEmpty());
  }

  private static void lost(Story story) {
    story.bus.publish(
        Told.dropletLost(
            new Subject(story.id, "acct-1", 1, 2), ToolboxStatus.UNRESPONSIVE, 7, "gone"));
  }

  private static boolean beats(Story story) {
    story.beat(1);
    return true;
  }

  /** As exact as the database is. */
  private static Instant heardAt(Story story) {
    return Instant.parse(story.document("lastHeartbeatAt")).truncatedTo(ChronoUnit.MICROS);
  }

  private Story isHeardBy(OtherConsumer other) {
    return other.partition() == 0 ? first : second;
  }

  private static Story healthy(int partition) {
    var story = story(partition);
    story.ready(1, 1);
    story.beat(1);
    until(() -> !story.healthy().isEmpty());
    return story;
  }

  private static Story story(int partition) {
    return Stream.generate(Story::new)
        .filter(s -> OtherConsumer.partition(s.id) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static OtherConsumer joined() {
    var other = new OtherConsumer();
    until(other::hasJoined);
    return other;
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(300)).until(fact);
  }
}
