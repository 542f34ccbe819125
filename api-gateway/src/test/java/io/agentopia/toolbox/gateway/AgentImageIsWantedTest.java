package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.jwt.build.Jwt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the answer to a heartbeat says of the image that the agent shall run from. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class AgentImageIsWantedTest {
  private static final String OLD = "docker.io/agentopia/dtma@sha256:" + "a".repeat(64);
  private static final String NEW = "docker.io/agentopia/dtma@sha256:" + "b".repeat(64);
  private static final String NEW_ELSEWHERE = "ghcr.io/x/dtma@sha256:" + "b".repeat(64);

  private final TestBus bus = TestBus.get();
  private final UUID id = UUID.randomUUID();

  @BeforeEach
  void aToolbox() {
    FakeServices.keys(FakeServices.FIRST);
    bus.publish(
        Told.toolboxAccepted(
            new Subject(id, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            "t-" + id,
            "nyc3",
            "s-1vcpu-1gb"));
    await().untilAsserted(() -> document().statusCode(200));
  }

  @Test
  void itIsNamedUntilTheAgentRunsFromItWhicheverRegistryItCameFrom() {
    beat(1, OLD).body("agentImage", nullValue());
    wanted(1, 1, "v0.2.0", NEW, NEW_ELSEWHERE);
    await()
        .untilAsserted(
            () ->
                beat(1, OLD)
                    .body("agentImage.version", equalTo("v0.2.0"))
                    .body("agentImage.references", contains(NEW, NEW_ELSEWHERE)));
    document()
        .body("agent.version", equalTo("0.1.0"))
        .body("agent.image", equalTo(OLD))
        .body("agent.wantedVersion", equalTo("v0.2.0"))
        .body("agent.wantedImage", equalTo(NEW))
        .body("statusDetail", nullValue());
    beat(1, NEW_ELSEWHERE).body("agentImage", nullValue());
    document()
        .body("agent.image", equalTo(NEW_ELSEWHERE))
        .body("agent.wantedVersion", nullValue())
        .body("agent.wantedImage", nullValue());
    // an agent that came back with the old image, however it did
    beat(1, OLD).body("agentImage.version", equalTo("v0.2.0"));
  }

  @Test
  void theLastThatWasAskedHoldsAndAnOlderOneThatComesLateDoesNot() {
    wanted(1, 2, "v0.2.0", NEW);
    wanted(1, 3, "0.1.0", OLD);
    wanted(1, 2, "v0.2.0", NEW);
    await().untilAsserted(() -> beat(1, NEW).body("agentImage.references", contains(OLD)));
    beat(1, OLD).body("agentImage", nullValue());
  }

  @Test
  void itIsForThatDropletAloneAndGoneWithIt() {
    wanted(1, 1, "v0.2.0", NEW);
    await().untilAsserted(() -> beat(1, OLD).body("agentImage.version", equalTo("v0.2.0")));
    // the read model has not heard of the second droplet yet
    beat(2, OLD).body("agentImage", nullValue());
    bus.publish(
        Told.dropletCreated(new Subject(id, "acct-1", 2, 2), ToolboxStatus.PROVISIONING, 42, "d"));
    await().untilAsserted(() -> document().body("generation", equalTo(2)));
    document().body("agent", nullValue());
    beat(2, OLD).body("agentImage", nullValue());
    wanted(1, 7, "v0.2.0", NEW); // of the first droplet, late
    wanted(2, 8, "v0.3.0", NEW);
    await().untilAsserted(() -> beat(2, OLD).body("agentImage.version", equalTo("v0.3.0")));
  }

  private void wanted(long generation, long sequence, String version, String... images) {
    bus.publish(
        Told.agentUpgradeRequested(
            new Subject(id, "acct-1", generation, sequence),
            UUID.randomUUID(),
            version,
            List.of(images)));
  }

  private ValidatableResponse document() {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .get("/v1/toolboxes/" + id)
        .then();
  }

  private ValidatableResponse beat(long generation, String image) {
    return given()
        .header("Authorization", "Bearer " + token(generation))
        .contentType(ContentType.JSON)
        .body(Map.of("sequence", 1, "agentVersion", "0.1.0", "agentImage", image))
        .post("/agent/v1/heartbeat")
        .then()
        .statusCode(200);
  }

  private String token(long generation) {
    var now = Instant.now();
    return Jwt.issuer("agentopia-toolbox")
        .audience("agent")
        .subject(id.toString())
        .claim("account", "acct-1")
        .claim("generation", generation)
        .issuedAt(now)
        .expiresAt(now.plus(Duration.ofHours(24)))
        .sign(new SecretKeySpec(FakeServices.FIRST.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
  }
}
