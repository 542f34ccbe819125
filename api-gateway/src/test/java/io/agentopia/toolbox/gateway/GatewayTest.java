package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployFailed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolRef;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway on a real broker and database; the services behind it are fakes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class GatewayTest {
  @Inject DataSource database;

  private static final String PROBLEM = "application/problem+json";
  private final TestBus bus = TestBus.get();

  @Test
  void aRequestIsAcceptedShownAndPublished() {
    var id = create(unique());
    user()
        .get("/v1/toolboxes/" + id)
        .then()
        .statusCode(200)
        .body("status", equalTo("pending_provision"))
        .body("health.status", equalTo("unknown"));
    await().until(() -> !bus.events(Topics.TOOLBOX_REQUESTS, id, ToolboxRequested.class).isEmpty());
    assertThat(bus.events(Topics.TOOLBOX_REQUESTS, id, ToolboxRequested.class))
        .singleElement()
        .satisfies(e -> assertThat(e.accountId()).isEqualTo("acct-1"));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
  @CsvSource({
    "ok, mars1, s-1vcpu-1gb, region",
    "ok, nyc3, s-999, size",
    "ok, ams3, s-1vcpu-1gb, size",
    "'', nyc3, s-1vcpu-1gb, name",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, nyc3, s-1vcpu-1gb, name",
    "ok, 'N Y', s-1vcpu-1gb, region"
  })
  void aWrongFieldIsNamed(String name, String region, String size, String field) {
    post("/v1/toolboxes", Map.of("name", name, "region", region, "size", size))
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", hasItem(field))
        .body("action", notNullValue());
  }

  @Test
  void unreadableBodiesAreAnsweredWithAProblem() {
    user()
        .contentType("application/json")
        .body("{\"name\": ")
        .post("/v1/toolboxes")
        .then()
        .statusCode(400)
        .contentType(PROBLEM);
    user()
        .contentType("application/json")
        .body("{\"name\": {}}")
        .post("/v1/toolboxes")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("name"));
    user()
        .contentType("application/json")
        .post("/v1/toolboxes")
        .then()
        .statusCode(400)
        .contentType(PROBLEM);
    user()
        .contentType("text/plain")
        .body("x")
        .post("/v1/toolboxes")
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
  }

  @Test
  void withoutAValidKeyNobodyComesIn() {
    given()
        .get("/v1/toolboxes")
        .then()
        .statusCode(401)
        .contentType(PROBLEM)
        .header("WWW-Authenticate", containsString("Bearer"));
    given().header("Authorization", "Bearer wrong").get("/v1/toolboxes").then().statusCode(401);
    given().header("Authorization", "Basic eDp5").get("/v1/toolboxes").then().statusCode(401);
  }

  @Test
  void aForeignToolboxIsAsUnknownAsOneThatDoesNotExist() {
    var id = create(unique());
    for (var path :
        List.of(
            "/v1/toolboxes/" + id,
            "/v1/toolboxes/" + id + "/tools",
            "/v1/toolboxes/" + id + "/health",
            "/v1/toolboxes/" + id + "/agent-status",
            "/v1/toolboxes/" + UUID.randomUUID(),
            "/v1/toolboxes/no-uuid")) {
      as("tbx_key_of_account_two").get(path).then().statusCode(404).contentType(PROBLEM);
    }
    as("tbx_key_of_account_two").delete("/v1/toolboxes/" + id).then().statusCode(404);
    as("tbx_key_of_account_two")
        .contentType("application/json")
        .body(Map.of("name", "t", "image", "x"))
        .post("/v1/toolboxes/" + id + "/tools")
        .then()
        .statusCode(404);
    as("tbx_key_of_operations").get("/v1/toolboxes/" + id).then().statusCode(200);
    as("tbx_key_of_operations").delete("/v1/toolboxes/" + id).then().statusCode(403);
  }

  @Test
  void anIdempotencyKeyCreatesOnceAndOnlyForTheSameBody() {
    var key = unique();
    var body = wish(unique());
    var first =
        user()
            .header("Idempotency-Key", key)
            .contentType("application/json")
            .body(body)
            .post("/v1/toolboxes")
            .then()
            .statusCode(202)
            .extract()
            .<String>path("id");
    var second =
        user()
            .header("Idempotency-Key", key)
            .contentType("application/json")
            .body(body)
            .post("/v1/toolboxes")
            .then()
            .statusCode(202)
            .extract()
            .<String>path("id");
    assertThat(second).isEqualTo(first);
    user()
        .header("Idempotency-Key", key)
        .contentType("application/json")
        .body(wish(unique()))
        .post("/v1/toolboxes")
        .then()
        .statusCode(422)
        .contentType(PROBLEM);
    user()
        .header("Idempotency-Key", "x".repeat(129))
        .contentType("application/json")
        .body(wish(unique()))
        .post("/v1/toolboxes")
        .then()
        .statusCode(400);
  }

  @Test
  void aNameIsTakenUntilItsToolboxIsGone() {
    var name = unique();
    var id = create(name);
    post("/v1/toolboxes", wish(name)).statusCode(409).body("detail", containsString(id.toString()));
    accepted(id, name);
    bus.publish(new ToolboxDeleted(new Subject(id, "acct-1", 1, 2), ToolboxStatus.DEPROVISIONED));
    awaitStatus(id, "deprovisioned");
    create(name);
  }

  @Test
  void listsComeInPagesNewestFirst() {
    for (int i = 0; i < 3; i++) {
      create(unique());
    }
    var first = user().get("/v1/toolboxes?limit=2").then().statusCode(200).extract().jsonPath();
    assertThat(first.getList("items")).hasSize(2);
    var second =
        user()
            .get("/v1/toolboxes?limit=2&cursor=" + first.getString("nextCursor"))
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    assertThat(second.getList("items.id")).doesNotContainAnyElementsOf(first.getList("items.id"));
    assertThat(first.getString("items[0].createdAt"))
        .isGreaterThanOrEqualTo(second.getString("items[0].createdAt"));
    user()
        .get("/v1/toolboxes?limit=0")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("limit"));
    user()
        .get("/v1/toolboxes?cursor=!!")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("cursor"));
    user()
        .get("/v1/toolboxes?status=asleep")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("status"));
    user()
        .get("/v1/toolboxes?status=active")
        .then()
        .statusCode(200)
        .body("items.status", everyItem(equalTo("active")));
  }

  @Test
  void theServicesEventsMakeThePicture() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    bus.publish(
        new DropletCreated(
            new Subject(id, "acct-1", 1, 2),
            ToolboxStatus.PROVISIONING,
            41,
            "toolbox-" + id + "-g1"));
    bus.publish(
        new BootProgressed(new Subject(id, "acct-1", 1, 2), BootStage.ADDRESS, "203.0.113.7"));
    bus.publish(
        new DropletReady(
            new Subject(id, "acct-1", 1, 4),
            ToolboxStatus.AWAITING_HEARTBEAT,
            41,
            "203.0.113.7",
            30000));
    bus.publish(new DtmaHealthy(new Subject(id, "acct-1", 1, 1), "0.1.0"));
    bus.publish(
        new ToolboxStatusChanged(
            new Subject(id, "acct-1", 1, 5), ToolboxStatus.ACTIVE, "the agent is healthy"));
    bus.publish(
        new BootProgressed(
            new Subject(id, "acct-1", 1, 1), BootStage.DOCKER, "late and overtaken"));
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
        new HealthDegraded(
            new Subject(id, "acct-1", 1, 2),
            new HealthReason("heartbeat_missing"),
            "silent",
            Instant.now(),
            List.of()));
    bus.publish(
        new ToolboxFailed(
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
        new BootProgressed(new Subject(id, "acct-1", 1, 1), BootStage.AGENT_STARTING, null));
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
        new DropletCreated(
            new Subject(id, "acct-1", 1, 2),
            ToolboxStatus.PROVISIONING,
            41,
            "toolbox-" + id + "-g1"));
    bus.publish(
        new BootProgressed(
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
        new ToolboxRejected(
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
  void deletionIsPublishedAndCanBeRepeated() {
    var id = create(unique());
    user().delete("/v1/toolboxes/" + id).then().statusCode(202);
    user().delete("/v1/toolboxes/" + id + "?force=true").then().statusCode(202);
    await()
        .until(
            () ->
                bus.events(Topics.TOOLBOX_REQUESTS, id, ToolboxDeletionRequested.class).size()
                    == 2);
    assertThat(bus.events(Topics.TOOLBOX_REQUESTS, id, ToolboxDeletionRequested.class))
        .extracting("force")
        .containsExactly(false, true);
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
        new ToolDeployed(
            new Subject(id, "acct-1", 1, 1),
            new ToolRef(tool, ToolStatus.RUNNING, 1, "hello"),
            "nginx:1",
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
        new ToolDeployFailed(
            new Subject(id, "acct-1", 1, 2),
            new ToolRef(tool, ToolStatus.FAILED, 1, "hello"),
            "image_not_found",
            "no such image",
            "check it",
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

  @Test
  void changesAreToldLiveToTheirAccountOnly() throws Exception {
    var name = unique();
    var id = create(name);
    var mine =
        listen(
            "/v1/toolboxes/" + id + "/events",
            "tbx_key_of_account_one",
            "\"status\":\"provisioning\"");
    accepted(id, name);
    bus.publish(
        new DropletCreated(new Subject(id, "acct-1", 1, 2), ToolboxStatus.PROVISIONING, 41, "d"));
    assertThat(mine.get(20, java.util.concurrent.TimeUnit.SECONDS))
        .contains("event:toolbox")
        .contains(id.toString());
    as("tbx_key_of_account_two").get("/v1/toolboxes/" + id + "/events").then().statusCode(404);
  }

  @Test
  void whenChangesMayHaveBeenMissedTheListenersAreToldToReadAnew() throws Exception {
    var id = create(unique());
    var stream =
        listen("/v1/toolboxes/" + id + "/events", "tbx_key_of_account_one", "event:resync");
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              try (var connection = database.getConnection();
                  var statement = connection.createStatement()) {
                statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select"
                        + " ''view_changed'''");
              }
              return stream.isDone();
            });
    assertThat(stream.get()).contains("event:resync");
  }

  @Test
  void anAgentJoinsBeatsReportsAndFetchesItsManifest() {
    var name = unique();
    var id = create(name);
    accepted(id, name);
    FakeServices.ANSWERS.put(
        "/internal/agents/join",
        new FakeServices.Answer(
            200, "{\"toolboxId\": \"" + id + "\", \"accountId\": \"acct-1\", \"generation\": 1}"));
    FakeServices.ANSWERS.put(
        "/internal/toolboxes/" + id + "/manifest",
        new FakeServices.Answer(200, "{\"generation\": 3}"));
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
    agent(token).get("/agent/v1/manifest").then().statusCode(200).body("generation", equalTo(3));

    bus.publish(
        new DropletCreated(new Subject(id, "acct-1", 2, 2), ToolboxStatus.PROVISIONING, 42, "d"));
    await()
        .untilAsserted(
            () ->
                agent(token)
                    .body(Map.of("sequence", 2))
                    .post("/agent/v1/heartbeat")
                    .then()
                    .statusCode(401));
    bus.publish(new ToolboxDeleted(new Subject(id, "acct-1", 2, 3), ToolboxStatus.DEPROVISIONED));
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

  @Test
  void healthIsPassedOnAndUnknownIsAnAnswer() {
    var id = create(unique());
    user()
        .get("/v1/toolboxes/" + id + "/health")
        .then()
        .statusCode(200)
        .body("status", equalTo("unknown"));
    FakeServices.ANSWERS.put(
        "/internal/toolboxes/" + id + "/health",
        new FakeServices.Answer(200, "{\"status\": \"healthy\"}"));
    user()
        .get("/v1/toolboxes/" + id + "/health")
        .then()
        .statusCode(200)
        .body("status", equalTo("healthy"));
    user().get("/v1/toolboxes/" + id + "/agent-status").then().statusCode(409).contentType(PROBLEM);
  }

  @Test
  void thePageNeedsASessionAndShowsWhatTheApiShows() {
    given()
        .redirects()
        .follow(false)
        .get("/ui")
        .then()
        .statusCode(303)
        .header("Location", containsString("/ui/login"));
    given()
        .formParam("key", "wrong")
        .post("/ui/login")
        .then()
        .statusCode(401)
        .body(containsString("not known"));
    var session = WebSession.signIn("tbx_key_of_account_one");
    var name = unique();
    var id = create(name);
    page(session)
        .get("/ui")
        .then()
        .statusCode(200)
        .body(containsString(name))
        .header("Content-Security-Policy", containsString("default-src 'self'"));
    page(session)
        .get("/ui/toolboxes/" + id)
        .then()
        .statusCode(200)
        .body(containsString("Deploy a tool"));
    page(session)
        .get("/ui/toolboxes/" + UUID.randomUUID())
        .then()
        .statusCode(404)
        .body(containsString("Not found"));
    page(session)
        .formParam("name", "!")
        .formParam("region", "nyc3")
        .formParam("size", "s-1vcpu-1gb")
        .post("/ui/toolboxes")
        .then()
        .statusCode(422)
        .body(containsString("name"));
    page(session)
        .formParam("name", unique())
        .formParam("region", "nyc3")
        .formParam("size", "s-1vcpu-1gb")
        .post("/ui/toolboxes")
        .then()
        .statusCode(200)
        .header("HX-Redirect", containsString("/ui/toolboxes/"));
    page(session)
        .header("Origin", "https://evil.example")
        .post("/ui/toolboxes/" + id + "/delete")
        .then()
        .statusCode(403);
    page(session + "x").redirects().follow(false).get("/ui").then().statusCode(303);
    page(session).get("/ui").then().body(not(containsString("tbx_key")));
  }

  @Test
  void theApiDescribesItself() {
    given()
        .get("/openapi?format=json")
        .then()
        .statusCode(200)
        .body("paths.'/v1/toolboxes'.post.responses", notNullValue())
        .body("info.title", equalTo("Agentopia Toolbox API"));
  }

  private static String unique() {
    return "t-" + UUID.randomUUID().toString().substring(0, 13);
  }

  private static Map<String, Object> wish(String name) {
    return Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb");
  }

  private static UUID create(String name) {
    return UUID.fromString(
        post("/v1/toolboxes", wish(name))
            .statusCode(202)
            .header("Location", containsString("/v1/toolboxes/"))
            .extract()
            .path("id"));
  }

  private void accepted(UUID id, String name) {
    bus.publish(
        new ToolboxAccepted(
            new Subject(id, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            name,
            "nyc3",
            "s-1vcpu-1gb"));
  }

  private static void awaitStatus(UUID id, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> user().get("/v1/toolboxes/" + id).then().body("status", equalTo(status)));
  }

  private static ValidatableResponse post(String path, Object body) {
    return user().contentType("application/json").body(body).post(path).then();
  }

  private static RequestSpecification user() {
    return as("tbx_key_of_account_one");
  }

  private static RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key);
  }

  private static RequestSpecification agent(String token) {
    return as(token).contentType("application/json");
  }

  private static RequestSpecification page(String session) {
    return given().cookie("toolbox_session", session);
  }

  /** Reads server-sent events until one holds the text. */
  private static CompletableFuture<String> listen(String path, String key, String until) {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream")
            .build();
    return HttpClient.newHttpClient()
        .sendAsync(request, BodyHandlers.ofLines())
        .thenApplyAsync(
            response -> {
              var seen = new StringBuilder();
              for (var lines = response.body().iterator(); lines.hasNext(); ) {
                seen.append(lines.next()).append('\n');
                if (seen.indexOf(until) >= 0) {
                  return seen.toString();
                }
              }
              return seen.toString();
            });
  }
}
