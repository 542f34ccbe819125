package io.agentopia.toolbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployFailed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Sample;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What users see is what the services' events tell. The services behind the gateway are fakes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class EventsMakeThePictureTest extends GatewayCase {
  @Test
  void theServicesEventsMakeThePicture() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    bus.publish(
        Told.dropletCreated(
            new Subject(id, "acct-1", 1, 2),
            ToolboxStatus.PROVISIONING,
            41,
            "toolbox-" + id + "-g1"));
    bus.publish(
        Told.bootProgressed(
            new Subject(id, "acct-1", 1, 2), BootStage.ADDRESS, "203.0.113.7", null));
    bus.publish(
        Told.dropletReady(
            new Subject(id, "acct-1", 1, 4),
            ToolboxStatus.AWAITING_HEARTBEAT,
            41,
            "203.0.113.7",
            30000));
    bus.publish(Told.dtmaHealthy(new Subject(id, "acct-1", 1, 1), "0.1.0"));
    bus.publish(
        Told.toolboxStatusChanged(
            new Subject(id, "acct-1", 1, 5), ToolboxStatus.ACTIVE, "the agent is healthy"));
    bus.publish(
        Told.bootProgressed(
            new Subject(id, "acct-1", 1, 1), BootStage.DOCKER, "late and overtaken", null));
    awaitStatus(id, "active");

    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id)
                    .then()
                    .body("health.status", equalTo("healthy"))
                    .body("ipv4", equalTo("203.0.113.7"))
                    .body("statusDetail", nullValue())
                    .body("dropletId", equalTo(41))
                    .body(
                        "timeline.stage",
                        equalTo(
                            List.of(
                                "accepted", "droplet_created", "address", "ready", "healthy"))));

    bus.publish(
        Told.healthDegraded(
            new Subject(id, "acct-1", 1, 2),
            new HealthReason("heartbeat_missing"),
            "silent",
            Instant.now(),
            List.of()));
    bus.publish(
        Told.toolboxFailed(
            new Subject(id, "acct-1", 1, 6),
            ToolboxStatus.ERROR_PROVISIONING,
            "no_address",
            "sentence",
            "action"));
    awaitStatus(id, "error_provisioning");
    user()
        .get("/v1/toolboxes/" + id)
        .then()
        .body("error.code", equalTo("no_address"))
        .body("error.action", equalTo("action"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id)
                    .then()
                    .body("health.reason", equalTo("heartbeat_missing")));
  }

  /** As provisioners of before write them, and as old records and letters hold them. */
  @Test
  void bootStagesOnTheLifecyclesTopicAreStillTakenIn() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    earlierBootStage(id, 2, "awaiting_heartbeat", "address");
    earlierBootStage(id, 3, "active", "healthy");
    awaitStatus(id, "active");
    bus.publish(
        Told.bootProgressed(new Subject(id, "acct-1", 1, 1), BootStage.AGENT_STARTING, null, null));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id)
                    .then()
                    .body(
                        "timeline.stage",
                        equalTo(List.of("accepted", "address", "healthy", "agent_starting"))));
  }

  private void earlierBootStage(UUID id, int sequence, String status, String stage) {
    var body =
        """
        {"toolboxId":"%s","accountId":"acct-1","generation":1,"sequence":%d,"status":"%s","stage":"%s"}"""
            .formatted(id, sequence, status, stage);
    bus.publish(
        Topics.TOOLBOX_LIFECYCLE,
        id.toString(),
        Map.of(
            EventCodec.ID,
            UUID.randomUUID().toString(),
            EventCodec.SOURCE,
            "/provisioner-service",
            EventCodec.TYPE,
            "io.agentopia.toolbox.BootProgressed.v1",
            EventCodec.TIME,
            Instant.now().toString()),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBootThatFailedIsToldWithItsLogBeforeAnAgentEverSpoke() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    bus.publish(
        Told.dropletCreated(
            new Subject(id, "acct-1", 1, 2),
            ToolboxStatus.PROVISIONING,
            41,
            "toolbox-" + id + "-g1"));
    bus.publish(
        Told.bootProgressed(
            new Subject(id, "acct-1", 1, 1),
            BootStage.FAILED,
            "image_pull: no registry has it",
            "first line\nmanifest unknown"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id + "/boot")
                    .then()
                    .statusCode(200)
                    .body("failed", equalTo(true))
                    .body("generation", equalTo(1))
                    .body("stages.stage", equalTo(List.of("accepted", "droplet_created", "failed")))
                    .body("stages[2].detail", equalTo("image_pull: no registry has it"))
                    .body("stages[2].logTail", equalTo("first line\nmanifest unknown")));
    user().get("/v1/toolboxes/" + UUID.randomUUID() + "/boot").then().statusCode(404);
  }

  @Test
  void aToolboxOfAnotherGatewayIsShownAndARejectedOneSaysWhy() {
    var id = UUID.randomUUID();
    accepted(id, unique());
    await().untilAsserted(() -> user().get("/v1/toolboxes/" + id).then().statusCode(200));
    var rejected = UUID.randomUUID();
    bus.publish(
        Told.toolboxRejected(
            new Subject(rejected, "acct-1", 1, 1),
            ToolboxStatus.ERROR_PROVISIONING,
            "invalid_request",
            "why",
            "what",
            "name"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + rejected)
                    .then()
                    .statusCode(200)
                    .body("error.code", equalTo("invalid_request")));
    user().post("/v1/toolboxes/" + rejected + "/recreate").then().statusCode(409);
    // The provisioner knows nothing of it: each wish about it would end as a dead letter.
    user()
        .delete("/v1/toolboxes/" + rejected)
        .then()
        .statusCode(202)
        .body("status", equalTo("deprovisioned"));
    user().delete("/v1/toolboxes/" + rejected).then().statusCode(202);
    assertThat(bus.events(Topics.TOOLBOX_REQUESTS, rejected)).isEmpty();
  }

  @Test
  void aToolGoesFromWishToRunning() {
    var id = create(unique());
    var tool =
        UUID.fromString(
            post(
                    "/v1/toolboxes/" + id + "/tools",
                    Map.of(
                        "name",
                        "hello",
                        "image",
                        "nginx:1",
                        "ports",
                        List.of(Map.of("containerPort", 80))))
                .statusCode(202)
                .body("status", equalTo("pending"))
                .header("Location", containsString("/tools/"))
                .extract()
                .<String>path("id"));
    await().until(() -> !bus.events(Topics.TOOL_REQUESTS, id, ToolDeployRequested.class).isEmpty());
    bus.publish(
        Sample.of(
            ToolDeployed.class,
            new Subject(id, "acct-1", 1, 1),
            "toolInstanceId",
            tool,
            "status",
            ToolStatus.RUNNING,
            "manifestGeneration",
            1,
            "name",
            "hello",
            "image",
            "nginx:1",
            "containerId",
            "c0ffee"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id + "/tools/" + tool)
                    .then()
                    .body("status", equalTo("running"))
                    .body("containerId", equalTo("c0ffee")));

    post("/v1/toolboxes/" + id + "/tools", Map.of("name", "hello", "image", "nginx:1"))
        .statusCode(409);
    post("/v1/toolboxes/" + id + "/tools", Map.of("name", "Bad!", "image", "nginx:1"))
        .statusCode(400)
        .body("errors.field", hasItems("name"));
    post("/v1/toolboxes/" + id + "/tools", Map.of("name", "web"))
        .statusCode(400)
        .body("errors.field", hasItems("image"));
    post("/v1/toolboxes/" + id + "/tools/" + tool + "/stop", Map.of()).statusCode(202);
    await().until(() -> !bus.events(Topics.TOOL_REQUESTS, id, ToolStopRequested.class).isEmpty());

    bus.publish(
        Sample.of(
            ToolDeployFailed.class,
            new Subject(id, "acct-1", 1, 2),
            "toolInstanceId",
            tool,
            "status",
            ToolStatus.FAILED,
            "manifestGeneration",
            1,
            "name",
            "hello",
            "code",
            "image_not_found",
            "message",
            "no such image",
            "action",
            "check it",
            "logTail",
            "log"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + id + "/tools")
                    .then()
                    .body("items[0].error.code", equalTo("image_not_found"))
                    .body("items[0].error.logTail", equalTo("log")));
    user().get("/v1/toolboxes/" + id + "/tools/" + UUID.randomUUID()).then().statusCode(404);
  }
}
