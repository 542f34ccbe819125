package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.ManifestTool;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the deployer told last is served here, and its droplets' agents are told of it. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class ManifestIsServedTest {
  private static final String ACCOUNT = "acct-1";

  @Inject DataSource database;

  private final TestBus bus = TestBus.get();
  private final UUID toolbox = UUID.randomUUID();
  private final UUID search = UUID.randomUUID();
  private String token;

  @BeforeEach
  void anAgentHasJoined() {
    FakeServices.keys(FakeServices.FIRST);
    bus.publish(
        Told.toolboxAccepted(
            subject(1, 1),
            ToolboxStatus.PENDING_PROVISION,
            "m-" + toolbox.toString().substring(0, 13),
            "nyc3",
            "s-1vcpu-1gb"));
    awaitView("status", "pending_provision");
    FakeServices.ANSWERS.put(
        "/internal/agents/join",
        new FakeServices.Answer(
            200,
            "{\"toolboxId\": \"%s\", \"accountId\": \"%s\", \"generation\": 1}"
                .formatted(toolbox, ACCOUNT)));
    token =
        as("tbj_once")
            .body(Map.of("nonce", "a".repeat(64)))
            .post("/agent/v1/join")
            .then()
            .statusCode(200)
            .extract()
            .path("agentToken");
  }

  /** There is no deployer here at all: whatever a droplet asks, nobody asks him. */
  @Test
  void aNewDropletReadsItsManifestWhileTheDeployerIsAway() {
    tell(3, search("sleep", "infinity"));
    awaitGeneration(3);
    manifest()
        .contentType("application/json")
        .header("ETag", equalTo("\"3\""))
        .body("toolboxId", equalTo(toolbox.toString()))
        .body("tools", hasSize(1))
        .body("tools[0].toolInstanceId", equalTo(search.toString()))
        .body("tools[0].name", equalTo("search"))
        .body("tools[0].image", equalTo("docker.io/library/debian:bookworm-slim"))
        .body("tools[0].command", contains("sleep", "infinity"))
        .body("tools[0].environment.MODE", equalTo("demo"))
        .body("tools[0].ports[0].containerPort", equalTo(8080))
        .body("tools[0].ports[0].protocol", equalTo("tcp"))
        .body("tools[0].ports[0]", not(hasKey("hostPort")))
        .body("tools[0].memoryMb", equalTo(256))
        .body("tools[0].cpus", equalTo(0.5f))
        .body("tools[0].readOnlyRoot", equalTo(false))
        .body("tools[0].desired", equalTo("running"))
        .body("tools[0].revision", equalTo(1))
        .body("tools[0].restarts", equalTo(0))
        .body("tools[0]", not(hasKey("spec")));
    beat().body("manifestGeneration", equalTo(3));
  }

  @Test
  void whoHasItAlreadyIsToldSo() {
    tell(3, search());
    awaitGeneration(3);
    as(token)
        .header("If-None-Match", "\"3\"")
        .get("/agent/v1/manifest")
        .then()
        .statusCode(304)
        .header("ETag", equalTo("\"3\""));
    as(token).header("If-None-Match", "\"2\"").get("/agent/v1/manifest").then().statusCode(200);
  }

  @Test
  void aManifestThatWasOvertakenChangesNothing() {
    tell(5, search());
    awaitGeneration(5);
    tell(4);
    tell(6);
    awaitGeneration(6);
    manifest().body("tools", hasSize(0));
    beat().body("manifestGeneration", equalTo(6));
  }

  /** As many and as large as they may be. */
  @Test
  void theLargestManifestArrives() {
    var environment =
        Stream.iterate(0, i -> i < 7, i -> i + 1)
            .collect(java.util.stream.Collectors.toMap(i -> "V" + i, i -> "v".repeat(4096)));
    var tools =
        Stream.generate(UUID::randomUUID)
            .limit(50)
            .map(
                id ->
                    new ManifestTool(
                        id,
                        "t-" + id.toString().substring(0, 8),
                        new ToolSpec("nginx", null, environment, null, 0, 0, false),
                        "running",
                        1,
                        0))
            .toArray(ManifestTool[]::new);
    tell(2, tools);
    awaitGeneration(2);
    manifest().body("tools", hasSize(50));
  }

  @Test
  void untilSomethingIsDeployedNothingShallRun() {
    manifest()
        .body("toolboxId", equalTo(toolbox.toString()))
        .body("generation", equalTo(0))
        .body("tools", hasSize(0));
  }

  /** An empty list would take the tools of a droplet away that has a manifest from before. */
  @Test
  void aManifestThatIsOnItsWayIsWaitedFor() throws SQLException {
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "update toolbox_view set manifest_generation = 7 where id = ?")) {
      update.setObject(1, toolbox);
      update.executeUpdate();
    }
    await()
        .untilAsserted(
            () ->
                as(token)
                    .get("/agent/v1/manifest")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .body("action", notNullValue()));
    tell(7, search());
    awaitGeneration(7);
  }

  @Test
  void theAgentIsWokenWithItsOwnKeyForEachNewManifest() {
    try (var agent = new FakeAgent()) {
      ready(agent.port());
      bus.publish(Told.dtmaHealthy(subject(1, 1), "0.1.0"));
      awaitView("health.status", "healthy");
      tell(1, search());
      var key = AgentKeys.derive(FakeServices.FIRST, toolbox, 1);
      var wake = new FakeAgent.Call("POST", "/wake", "Bearer " + key);
      await().untilAsserted(() -> assertThat(agent.calls()).containsExactly(wake));
      tell(2);
      await().untilAsserted(() -> assertThat(agent.calls()).containsExactly(wake, wake));
    }
  }

  /** At the address of one that is not heard somebody else may answer by now. */
  @Test
  void anAgentThatIsNotInTouchIsNotCalledUntilItIs() {
    try (var agent = new FakeAgent()) {
      ready(agent.port());
      bus.publish(
          Told.healthDegraded(
              subject(1, 1), HealthReason.HEARTBEAT_MISSING, "silent", Instant.now(), List.of()));
      awaitView("health.status", "degraded");
      tell(1, search());
      awaitGeneration(1);
      assertThat(agent.calls()).isEmpty();
      bus.publish(Told.healthRecovered(subject(1, 2), 30));
      await().untilAsserted(() -> assertThat(agent.calls()).hasSize(1));
    }
  }

  @Test
  void anAgentThatCannotBeReachedHoldsNothingUp() {
    ready(1);
    bus.publish(Told.dtmaHealthy(subject(1, 1), "0.1.0"));
    awaitView("health.status", "healthy");
    tell(1, search());
    awaitGeneration(1);
    tell(2);
    awaitGeneration(2);
  }

  private void ready(int port) {
    bus.publish(
        Told.dropletReady(subject(1, 2), ToolboxStatus.AWAITING_HEARTBEAT, 41, "127.0.0.1", port));
    awaitView("status", "awaiting_heartbeat");
  }

  private void tell(long generation, ManifestTool... tools) {
    bus.publish(new ToolboxManifestChanged(subject(1, generation), List.of(tools)));
  }

  private ManifestTool search(String... command) {
    var spec =
        new ToolSpec(
            "docker.io/library/debian:bookworm-slim",
            List.of(command),
            Map.of("MODE", "demo"),
            List.of(new ToolSpec.Port(8080, null, "tcp")),
            0,
            0,
            false);
    return new ManifestTool(search, "search", spec, "running", 1, 0);
  }

  private Subject subject(long generation, long sequence) {
    return new Subject(toolbox, ACCOUNT, generation, sequence);
  }

  private void awaitGeneration(int generation) {
    await().untilAsserted(() -> manifest().body("generation", equalTo(generation)));
  }

  private void awaitView(String path, String value) {
    await()
        .untilAsserted(
            () ->
                as("tbx_key_of_account_one")
                    .get("/v1/toolboxes/" + toolbox)
                    .then()
                    .statusCode(200)
                    .body(path, equalTo(value)));
  }

  private ValidatableResponse manifest() {
    return as(token).get("/agent/v1/manifest").then().statusCode(200);
  }

  private ValidatableResponse beat() {
    return as(token)
        .body(Map.of("sequence", 1, "agentVersion", "0.1.0", "dockerReachable", true))
        .post("/agent/v1/heartbeat")
        .then()
        .statusCode(200);
  }

  private static io.restassured.specification.RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key).contentType("application/json");
  }
}
