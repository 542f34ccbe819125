package io.agentopia.toolbox.agent.http;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.TOOLBOX;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.agentopia.toolbox.agent.backend.FakeGateway;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.identity.InboundKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the control plane sees when it calls in. */
@QuarkusTest
@QuarkusTestResource(AgentEndpointsTest.Surroundings.class)
class AgentEndpointsTest {
  private static final String OWN_IMAGE = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NO_IMAGE = "docker.io/agentopia/dtma:latest";
  private static FakeGateway gateway;

  /** A gateway to join, and a directory for the identity. */
  public static final class Surroundings implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        gateway = new FakeGateway().wants(1, search());
        return Map.of(
            "dtma.backend-url",
            gateway.address().toString(),
            "dtma.join-token",
            FakeGateway.JOIN_TOKEN,
            "dtma.state-dir",
            Files.createTempDirectory("dtma-test").resolve("state").toString(),
            "dtma.disk-path",
            "/",
            "dtma.image",
            OWN_IMAGE);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void stop() {
      gateway.close();
    }
  }

  /** In the engine's place. */
  @Singleton
  static class Engine {
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    DockerGateway docker() {
      return new InMemoryDocker().withImage(IMAGE);
    }
  }

  @Inject DockerGateway docker;

  @BeforeEach
  void theToolRuns() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                !gateway.calls("report").isEmpty()
                    && "running".equals(gateway.reported("search").path("status").asText()));
  }

  @Test
  void health_is_open() {
    given().get("/health").then().statusCode(200).body("status", equalTo("UP"));
  }

  @Test
  void health_names_what_is_down() {
    ((InMemoryDocker) docker).goAway();
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  given()
                      .get("/health")
                      .then()
                      .statusCode(503)
                      .body("status", equalTo("DOWN"))
                      .body("checks.docker", equalTo("DOWN"))
                      .body("checks.joined", equalTo("UP")));
    } finally {
      ((InMemoryDocker) docker).comeBack();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> given().get("/health").then().statusCode(200));
  }

  @Test
  void status_tells_the_agents_image_and_how_a_move_goes() {
    statusSays("agent_image", OWN_IMAGE, "upgrade", null);
    gateway.wantsAgentImage(NO_IMAGE);
    try {
      statusSays("upgrade.image", NO_IMAGE, "upgrade.outcome", "failed");
    } finally {
      gateway.wantsNoAgentImage();
    }
    statusSays("agent_image", OWN_IMAGE, "upgrade", null);
  }

  private static void statusSays(String path, String value, String other, String otherValue) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                given()
                    .header("Authorization", "Bearer " + FakeGateway.INBOUND_KEY)
                    .get("/status")
                    .then()
                    .statusCode(200)
                    .body(path, equalTo(value))
                    .body(other, equalTo(otherValue)));
  }

  @Test
  void while_keys_are_rotated_the_old_and_the_new_are_accepted_and_then_the_new_alone() {
    var old = FakeGateway.INBOUND_KEY;
    try {
      gateway.rotateInboundKeys(
          new InboundKey("k2", "inbound-key-2", null),
          new InboundKey("k1", old, Instant.now().plusSeconds(600)));
      awaitStatus("inbound-key-2", 200);
      with(old).get("/status").then().statusCode(200);
      gateway.rotateInboundKeys(
          new InboundKey("k2", "inbound-key-2", null),
          new InboundKey("k1", old, Instant.now().minusSeconds(1)));
      awaitStatus(old, 401);
      with("inbound-key-2").get("/status").then().statusCode(200);
    } finally {
      gateway.rotateInboundKeys(new InboundKey("k1", old, null));
      awaitStatus(old, 200);
    }
    with("inbound-key-2").get("/status").then().statusCode(401);
  }

  private static void awaitStatus(String key, int status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> with(key).get("/status").then().statusCode(status));
  }

  private static RequestSpecification with(String key) {
    return given().header("Authorization", "Bearer " + key);
  }

  @Test
  void status_is_the_agreed_document() {
    withKey()
        .get("/status")
        .then()
        .statusCode(200)
        .contentType(ContentType.JSON)
        .body("status", matchesPattern("healthy|degraded"))
        .body("service", equalTo("DTMA"))
        .body("version", notNullValue())
        .body("system_metrics.cpu_usage", matchesPattern("\\d+%"))
        .body("system_metrics.memory_usage", matchesPattern("\\d+%"))
        .body("system_metrics.disk_usage", matchesPattern("\\d+%"))
        .body("system_metrics.docker_containers", notNullValue())
        .body("tool_instances.name", contains("search"))
        .body("tool_instances.status", contains("running"))
        .body("tool_instances.uptime", hasItem(matchesPattern("\\d+[smhd].*")))
        .body("toolbox_id", equalTo(TOOLBOX.toString()))
        .body("generation", equalTo(1))
        .body("manifest_generation", equalTo(1))
        .body("raw.memory_total_bytes", greaterThan(0L))
        .body("disk_guard.last_run_at", notNullValue())
        .body("disk_guard.freed_bytes", equalTo(0))
        .body("last_heartbeat.outcome", equalTo("ok"))
        .body("last_heartbeat.last_ok_at", notNullValue());
  }

  @Test
  void without_the_key_everything_but_health_is_refused() {
    for (var path : new String[] {"/status", "/metrics", "/tools/search/logs"}) {
      refused(given().get(path).then());
      refused(given().header("Authorization", "Bearer wrong").get(path).then());
      refused(given().header("Authorization", "Basic " + FakeGateway.INBOUND_KEY).get(path).then());
    }
    refused(given().post("/wake").then());
    refused(given().post("/restart").then());
  }

  private static void refused(io.restassured.response.ValidatableResponse response) {
    response
        .statusCode(401)
        .contentType("application/problem+json")
        .body("status", equalTo(401))
        .body("action", containsString("Bearer"))
        .body("detail", not(containsString(FakeGateway.INBOUND_KEY)));
  }

  @Test
  void wake_fetches_the_manifest() {
    var before = gateway.calls("manifest").size();
    withKey().post("/wake").then().statusCode(202);
    await().atMost(Duration.ofSeconds(5)).until(() -> gateway.calls("manifest").size() > before);
  }

  @Test
  void logs_are_plain_text() {
    withKey()
        .get("/tools/search/logs?tail=1")
        .then()
        .statusCode(200)
        .contentType(ContentType.TEXT)
        .body(equalTo("started\n"));
  }

  @Test
  void logs_of_an_unknown_tool_are_a_problem() {
    withKey()
        .get("/tools/nobody/logs")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("detail", containsString("nobody"))
        .body("action", notNullValue());
  }

  @Test
  void a_tail_that_is_no_number_is_a_problem() {
    for (var tail : new String[] {"many", "0", "2001"}) {
      withKey()
          .get("/tools/search/logs?tail=" + tail)
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
  }

  @Test
  void metrics_are_prometheus_text() {
    withKey()
        .get("/metrics")
        .then()
        .statusCode(200)
        .contentType(containsString("text/plain"))
        .body(containsString("# TYPE dtma_heartbeats_total counter"))
        .body(containsString("dtma_tools{status=\"running\"} 1"))
        .body(containsString("dtma_disk_guard_freed_bytes_total 0"))
        .body(containsString("dtma_manifest_generation 1"));
  }

  @Test
  void an_unknown_path_is_a_problem() {
    given().get("/nowhere").then().statusCode(404).contentType("application/problem+json");
  }

  private static RequestSpecification withKey() {
    return given().header("Authorization", "Bearer " + FakeGateway.INBOUND_KEY);
  }
}
