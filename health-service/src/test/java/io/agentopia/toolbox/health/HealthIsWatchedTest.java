package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class HealthIsWatchedTest {
  private final TestBus bus = TestBus.get();
  private final UUID id = UUID.randomUUID();
  private long beats;

  @Test
  void theFirstHeartbeatOfAReadyDropletMakesItHealthyOnce() {
    ready(1, 1);
    beat(1);
    beat(1);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
    beat(1);
    patiently()
        .until(
            () ->
                "healthy".equals(document().path("status"))
                    && document().<Integer>path("heartbeatAgeSeconds") < 3);
    assertThat(events(DtmaHealthy.class))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.agentVersion()).isEqualTo("0.1.0");
              assertThat(e.sequence()).isEqualTo(1);
            });
  }

  @Test
  void aHeartbeatThatComesBeforeTheDropletIsReadyIsNotForgotten() {
    beat(1);
    ready(1, 1);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
  }

  @Test
  void silenceDegradesAndAHeartbeatRecovers() {
    ready(1, 1);
    beat(1);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
    patiently().until(() -> !events(HealthDegraded.class).isEmpty());
    assertThat(events(HealthDegraded.class).getFirst())
        .satisfies(
            e -> {
              assertThat(e.reason()).isEqualTo("heartbeat_missing");
              assertThat(e.findings()).extracting("check").contains("heartbeat", "docker", "disk");
            });
    beat(1);
    patiently().until(() -> !events(HealthRecovered.class).isEmpty());
    assertThat(bus.events(Topics.TOOLBOX_HEALTH, id))
        .extracting(Event::sequence)
        .startsWith(1L, 2L, 3L);
  }

  @Test
  void aToolboxOnItsWayOutMayBeSilent() {
    ready(1, 1);
    beat(1);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
    bus.publish(
        new ToolboxStatusChanged(id, "acct-1", 1, 2, ToolboxStatus.PENDING_DEPROVISION, null));
    patiently().until(() -> "unknown".equals(document().path("status")));
    // longer than the silence that would have been judged
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(8))
        .until(() -> events(HealthDegraded.class).isEmpty());
  }

  @Test
  void aHeartbeatOfAReplacedDropletSaysNothingAboutTheNewOne() {
    ready(2, 5);
    beat(1);
    beat(1);
    patiently().until(() -> "starting".equals(document().path("status")));
    beat(2);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
    assertThat(events(DtmaHealthy.class).getFirst().generation()).isEqualTo(2);
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
    ready(1, 1);
    beat(1);
    patiently().until(() -> !events(DtmaHealthy.class).isEmpty());
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

  private void ready(long generation, long sequence) {
    bus.publish(
        new DropletReady(
            id,
            "acct-1",
            generation,
            sequence,
            ToolboxStatus.AWAITING_HEARTBEAT,
            7,
            "203.0.113.1",
            30000));
  }

  private void beat(long generation) {
    var metrics = new Metrics(1, 2, 3, 1L << 30, 1L << 34, 0);
    bus.publish(
        new AgentHeartbeat(
            id,
            "acct-1",
            generation,
            ++beats,
            "0.1.0",
            "boot",
            5,
            0,
            true,
            "28",
            metrics,
            List.of()));
  }

  private io.restassured.path.json.JsonPath path() {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .get("/internal/toolboxes/" + id + "/health")
        .jsonPath();
  }

  private Document document() {
    return new Document(path());
  }

  private record Document(io.restassured.path.json.JsonPath json) {
    <T> T path(String name) {
      return json.get(name);
    }
  }

  private <E extends Event> List<E> events(Class<E> type) {
    return bus.events(Topics.TOOLBOX_HEALTH, id, type);
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30));
  }
}
