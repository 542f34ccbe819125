package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.verdict.HealthCheck;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class HealthIsWatchedTest {
  private final Story story = new Story();
  private final TestBus bus = story.bus;
  private final UUID id = story.id;

  @Test
  void theFirstHeartbeatOfAReadyDropletMakesItHealthyOnce() {
    story.ready(1, 1);
    story.beat(1);
    story.beat(1);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
    story.beat(1);
    patiently()
        .until(
            () ->
                "healthy".equals(story.document("status"))
                    && story.<Integer>document("heartbeatAgeSeconds") < 3);
    assertThat(story.events(DtmaHealthy.class))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.agentVersion()).isEqualTo("0.1.0");
              assertThat(e.sequence()).isEqualTo(1);
            });
  }

  @Test
  void aRepeatedDropletReadyAnnouncesNothingAgain() {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.healthy().isEmpty());
    story.ready(1, 2); // another event, as after a change of address
    story.ready(1, 1); // an old one, late
    // again and again: a single one may be older than that before a busy machine gets round to it
    patiently()
        .until(
            () -> {
              story.beat(1);
              return story.<Integer>document("heartbeatAgeSeconds") < 2;
            });
    // what was published before this one's news has been handled by then
    var next = new Story();
    next.ready(1, 1);
    next.beat(1);
    patiently().until(() -> !next.healthy().isEmpty());
    assertThat(story.healthy()).hasSize(1);
    assertThat(story.events(HealthRecovered.class)).isEmpty();
  }

  @Test
  void theDocumentTellsWhatTheAgentSaidLast() {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> "healthy".equals(story.document("status")));
    assertThat(story.<String>document("toolboxId")).isEqualTo(id.toString());
    assertThat(story.<String>document("accountId")).isEqualTo("acct-1");
    assertThat(story.<Integer>document("generation")).isEqualTo(1);
    assertThat(story.<String>document("agentVersion")).isEqualTo("0.1.0");
    assertThat(story.<String>document("bootId")).isEqualTo("boot");
    assertThat(story.<Integer>document("uptimeSeconds")).isEqualTo(5);
    assertThat(story.<Boolean>document("dockerReachable")).isTrue();
    assertThat(story.<String>document("dockerVersion")).isEqualTo("28");
    assertThat(story.<Float>document("metrics.diskPercent")).isEqualTo(3f);
    assertThat(story.<List<String>>document("findings.check"))
        .hasSameSizeAs(HealthCheck.ALL)
        .containsSubsequence("heartbeat", "docker", "disk", "words");
    assertThat(story.<List<String>>document("findings.outcome")).containsOnly("ok");
  }

  @Test
  void aHeartbeatThatComesBeforeTheDropletIsReadyIsNotForgotten() {
    story.beat(1);
    story.ready(1, 1);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
  }

  @Test
  void noHeartbeatIsLostThatComesTogetherWithItsDropletReady() {
    var stories = Stream.generate(Story::new).limit(60).toList();
    stories.forEach(
        s -> {
          s.beat(1);
          s.ready(1, 1);
        });
    patiently()
        .until(
            () ->
                bus.records(Topics.TOOLBOX_HEALTH).stream()
                    .map(ConsumerRecord::key)
                    .collect(Collectors.toSet())
                    .containsAll(stories.stream().map(s -> s.id.toString()).toList()));
  }

  @Test
  void silenceDegradesAndAHeartbeatRecovers() {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
    patiently().until(() -> !story.events(HealthDegraded.class).isEmpty());
    assertThat(story.events(HealthDegraded.class).getFirst())
        .satisfies(
            e -> {
              assertThat(e.reason()).isEqualTo(HealthReason.HEARTBEAT_MISSING);
              assertThat(e.findings()).extracting("check").contains("heartbeat", "docker", "disk");
            });
    story.beat(1);
    patiently().until(() -> !story.events(HealthRecovered.class).isEmpty());
    assertThat(story.events()).extracting(Event::sequence).startsWith(1L, 2L, 3L);
  }

  @Test
  void aToolboxOnItsWayOutMayBeSilent() {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
    bus.publish(
        Told.toolboxStatusChanged(
            new Subject(id, "acct-1", 1, 2), ToolboxStatus.PENDING_DEPROVISION, null));
    patiently().until(() -> "unknown".equals(story.document("status")));
    // when another's silence, which began later, has been judged, this one's would have been
    var next = new Story();
    next.ready(1, 1);
    next.beat(1);
    patiently().until(() -> !next.events(HealthDegraded.class).isEmpty());
    assertThat(story.events(HealthDegraded.class)).isEmpty();
  }

  @Test
  void aHeartbeatOfAReplacedDropletSaysNothingAboutTheNewOne() {
    story.ready(2, 5);
    story.beat(1);
    story.beat(1);
    patiently().until(() -> "starting".equals(story.document("status")));
    story.beat(2);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
    assertThat(story.events(DtmaHealthy.class).getFirst().generation()).isEqualTo(2);
  }

  @Test
  void poisonAmongHeartbeatsIsADeadLetterAndBlocksNothing() {
    var poison = "no json".getBytes(StandardCharsets.UTF_8);
    bus.publish(
        Topics.AGENT_HEARTBEATS,
        id.toString(),
        Map.of(
            "ce_type", "io.agentopia.toolbox.AgentHeartbeat.v1", "ce_id", "1", "ce_source", "/x"),
        poison);
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.events(DtmaHealthy.class).isEmpty());
    assertThat(bus.records(Topics.deadLetters("health-service", Topics.AGENT_HEARTBEATS)))
        .anyMatch(r -> id.toString().equals(r.key()));
  }

  @Test
  void theDocumentIsForOurOwnServicesAndUnknownToolboxesAreNotFound() {
    given().get("/internal/toolboxes/" + id + "/health").then().statusCode(401);
    given()
        .header("Authorization", "Bearer internal-test-key")
        .get("/internal/toolboxes/" + id + "/health")
        .then()
        .statusCode(404)
        .body("status", equalTo(404));
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30));
  }
}
