package io.agentopia.toolbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Agents at the edge: joining, beating, reporting, and what is refused. The services behind the
 * gateway are fakes.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class GatewayTest extends GatewayCase {
  @Test
  void anAgentJoinsBeatsReportsAndFetchesItsManifest() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    FakeServices.ANSWERS.put(
        "/internal/agents/join",
        new FakeServices.Answer(
            200, "{\"toolboxId\": \"" + id + "\", \"accountId\": \"acct-1\", \"generation\": 1}"));
    var joined =
        agent("tbj_once")
            .body(Map.of("nonce", "a".repeat(64)))
            .post("/agent/v1/join")
            .then()
            .statusCode(200)
            .body("inboundKey", notNullValue())
            .body("heartbeatSeconds", equalTo(10))
            .extract()
            .jsonPath();
    assertThat(FakeServices.LAST_BODY.get("/internal/agents/join")).contains("tbj_once");
    var token = joined.getString("agentToken");

    agent(token)
        .body(Map.of("sequence", 1, "agentVersion", "0.1.0", "dockerReachable", true))
        .post("/agent/v1/heartbeat")
        .then()
        .statusCode(200)
        .body("manifestGeneration", equalTo(0));
    await().until(() -> !bus.events(Topics.AGENT_HEARTBEATS, id, AgentHeartbeat.class).isEmpty());
    agent(token)
        .body(
            Map.of(
                "appliedManifestGeneration",
                1,
                "observedAt",
                Instant.now().toString(),
                "tools",
                List.of()))
        .post("/agent/v1/report")
        .then()
        .statusCode(202);
    await().until(() -> !bus.events(Topics.AGENT_REPORTS, id, AgentReport.class).isEmpty());
    agent(token)
        .body(Map.of("appliedManifestGeneration", 1))
        .post("/agent/v1/report")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("observedAt"));
    bus.publish(new ToolboxManifestChanged(new Subject(id, "acct-1", 1, 3), List.of()));
    await()
        .untilAsserted(
            () ->
                agent(token)
                    .get("/agent/v1/manifest")
                    .then()
                    .statusCode(200)
                    .body("generation", equalTo(3)));

    bus.publish(
        Told.dropletCreated(new Subject(id, "acct-1", 2, 2), ToolboxStatus.PROVISIONING, 42, "d"));
    await()
        .untilAsserted(
            () ->
                agent(token)
                    .body(Map.of("sequence", 2))
                    .post("/agent/v1/heartbeat")
                    .then()
                    .statusCode(401));
    bus.publish(Told.toolboxDeleted(new Subject(id, "acct-1", 2, 3), ToolboxStatus.DEPROVISIONED));
    await()
        .untilAsserted(
            () ->
                agent(token)
                    .body(Map.of("sequence", 3))
                    .post("/agent/v1/heartbeat")
                    .then()
                    .statusCode(410));
  }

  @Test
  void aForgedAgentTokenIsRefusedAndProblemsOfTheProvisionerArePassedOn() {
    agent("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA")
        .body(Map.of("sequence", 1))
        .post("/agent/v1/heartbeat")
        .then()
        .statusCode(401)
        .contentType(PROBLEM);
    agent("tbx_key_of_account_one").get("/agent/v1/manifest").then().statusCode(401);
    FakeServices.ANSWERS.put(
        "/internal/agents/boot",
        new FakeServices.Answer(401, "{\"status\": 401, \"title\": \"no\"}"));
    agent("tbj_wrong")
        .body(Map.of("stage", "docker"))
        .post("/agent/v1/boot")
        .then()
        .statusCode(401)
        .contentType(PROBLEM);
  }

  private static RequestSpecification agent(String token) {
    return as(token).contentType("application/json");
  }
}
