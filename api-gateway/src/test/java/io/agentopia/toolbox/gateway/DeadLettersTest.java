package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dead letters as operators and users see them; the services that failed are fakes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class DeadLettersTest {
  private static final String DEAD =
      Topics.deadLetters("provisioner-service", Topics.TOOLBOX_REQUESTS);
  private static final String RETRY =
      Topics.retry("provisioner-service", Topics.TOOLBOX_REQUESTS, 5000);
  private static final String REPLAY =
      Topics.replay("provisioner-service", Topics.TOOLBOX_REQUESTS);
  private static final String OTHER_DEAD =
      Topics.deadLetters("deployer-service", Topics.TOOL_REQUESTS);
  private static final String OTHER_REPLAY =
      Topics.replay("deployer-service", Topics.TOOL_REQUESTS);
  private final TestBus bus = TestBus.get();

  @BeforeAll
  static void theTopicsOfTheOtherServices() throws Exception {
    var broker = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      for (var topic : new String[] {DEAD, RETRY, REPLAY, OTHER_DEAD, OTHER_REPLAY}) {
        try {
          admin.createTopics(java.util.List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(TopicExistsException.class);
        }
      }
    }
  }

  @Test
  void aLetterIsKeptWithAllThatIsKnownOfIt() {
    var toolbox = UUID.randomUUID();
    var event = UUID.randomUUID();
    bury(event, requested(toolbox, 1), "cloud_credentials_refused");

    var id = letterOf(toolbox);
    operator()
        .get("/v1/dead-letters/" + id)
        .then()
        .statusCode(200)
        .body("letter.state", equalTo("new"))
        .body("letter.service", equalTo("provisioner-service"))
        .body("letter.topic", equalTo("toolbox.requests"))
        .body("letter.eventId", equalTo(event.toString()))
        .body("letter.eventType", equalTo("ToolboxRequested.v1"))
        .body("letter.accountId", equalTo("acct-1"))
        .body("letter.code", equalTo("cloud_credentials_refused"))
        .body("letter.cause", equalTo("HTTP 401"))
        .body("letter.attempts", equalTo(3))
        .body("letter.firstFailureAt", equalTo("2026-11-23T15:00:00Z"))
        .body("letter.traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"))
        .body("letter.source", equalTo("toolbox.requests/2/17"))
        .body("letter.position", containsString(DEAD))
        .body("body", containsString(toolbox.toString()))
        .body("audit.action", hasItem("received"));
  }

  @Test
  void aReplayGoesToTheConsumerThatFailedByteForByteAndIsAudited() {
    var toolbox = UUID.randomUUID();
    bury(UUID.randomUUID(), requested(toolbox, 1), "unavailable");
    var id = letterOf(toolbox);

    order("/v1/dead-letters/" + id + "/replay", "{\"reason\": \"token mended\"}")
        .statusCode(202)
        .body("replayed", equalTo(1));

    await().until(() -> bus.events(REPLAY, toolbox).size() == 1);
    var record =
        bus.records(REPLAY).stream()
            .filter(r -> toolbox.toString().equals(r.key()))
            .findFirst()
            .orElseThrow();
    assertThat(TestBus.headers(record))
        .containsKey("ce_id")
        .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("x-retry-"));
    await()
        .untilAsserted(
            () ->
                operator()
                    .get("/v1/dead-letters/" + id)
                    .then()
                    .body("letter.state", equalTo("replayed"))
                    .body("letter.publishAt", nullValue())
                    .body("audit.action", hasItem("published"))
                    .body("audit.find { it.action == 'replayed' }.by", equalTo("operations"))
                    .body(
                        "audit.find { it.action == 'replayed' }.reason", equalTo("token mended")));
  }

  @Test
  void aDryRunTellsWhatTheServiceSaysAndPublishesNothing() {
    var toolbox = UUID.randomUUID();
    bury(UUID.randomUUID(), requested(toolbox, 1), "unavailable");
    var id = letterOf(toolbox);
    FakeServices.ANSWERS.put(
        "/internal/replay-previews",
        new FakeServices.Answer(
            200,
            "[{\"id\": \"%s\", \"effect\": \"would_act\", \"summary\": \"would create a droplet for toolbox %s\"}]"
                .formatted(id, toolbox)));

    order("/v1/dead-letters/" + id + "/replay", "{\"dryRun\": true}")
        .statusCode(200)
        .body("dryRun", equalTo(true))
        .body("replayed", equalTo(0))
        .body("letters[0].effect", equalTo("would_act"))
        .body("letters[0].summary", equalTo("would create a droplet for toolbox " + toolbox));
    operator().get("/v1/dead-letters/" + id).then().body("letter.state", equalTo("new"));
    assertThat(bus.events(REPLAY, toolbox)).isEmpty();
    FakeServices.ANSWERS.remove("/internal/replay-previews");
  }

  @Test
  void manyAreReplayedByFilterAndOnlyThose() {
    var code = "code_" + UUID.randomUUID().toString().substring(0, 8);
    var meant = new UUID[] {UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()};
    for (var toolbox : meant) {
      bury(UUID.randomUUID(), requested(toolbox, 1), code);
    }
    var other = UUID.randomUUID();
    bury(UUID.randomUUID(), requested(other, 1), "another_code");
    for (var toolbox : meant) {
      letterOf(toolbox);
    }
    letterOf(other);

    order(
            "/v1/dead-letters/replay",
            "{\"filter\": {\"code\": \"%s\"}, \"reason\": \"x\", \"perSecond\": 100}"
                .formatted(code))
        .statusCode(202)
        .body("matched", equalTo(3))
        .body("replayed", equalTo(3));

    for (var toolbox : meant) {
      await().until(() -> bus.events(REPLAY, toolbox).size() == 1);
    }
    assertThat(bus.events(REPLAY, other)).isEmpty();
  }

  @Test
  void lettersOfOneToolboxAreReplayedInTheOrderInWhichTheyCame() {
    var code = "code_" + UUID.randomUUID().toString().substring(0, 8);
    var toolbox = UUID.randomUUID();
    for (var n = 1; n <= 60; n++) {
      bury(UUID.randomUUID(), requested(toolbox, n), code);
    }
    await()
        .untilAsserted(
            () ->
                operator()
                    .get("/v1/dead-letters?limit=100&toolboxId=" + toolbox)
                    .then()
                    .body("items", hasSize(60)));

    order(
            "/v1/dead-letters/replay",
            "{\"filter\": {\"code\": \"%s\"}, \"reason\": \"x\", \"perSecond\": 1000}"
                .formatted(code))
        .statusCode(202)
        .body("replayed", equalTo(60));

    await().until(() -> bus.events(REPLAY, toolbox).size() == 60);
    assertThat(bus.events(REPLAY, toolbox))
        .extracting(Event::generation)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aLetterWhoseReplayFailedAgainIsLinkedWithItsSuccessor() {
    var toolbox = UUID.randomUUID();
    var event = UUID.randomUUID();
    bury(event, requested(toolbox, 1), "unavailable");
    bury(UUID.randomUUID(), requested(UUID.randomUUID(), 1), "unavailable");
    var first = letterOf(toolbox);
    order("/v1/dead-letters/" + first + "/replay", "{\"reason\": \"mended\"}").statusCode(202);
    bury(event, requested(toolbox, 1), "unavailable"); // it was not
    await()
        .untilAsserted(
            () ->
                operator()
                    .get("/v1/dead-letters?state=new&toolboxId=" + toolbox)
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].failedBefore", equalTo(first))
                    .body("items[0].failedAgain", nullValue()));
    String second =
        operator().get("/v1/dead-letters?state=new&toolboxId=" + toolbox).path("items[0].id");
    operator()
        .get("/v1/dead-letters/" + first)
        .then()
        .body("letter.failedAgain", equalTo(second))
        .body("letter.failedBefore", nullValue());
  }

  @Test
  void aDiscardedLetterIsNotReplayed() {
    var toolbox = UUID.randomUUID();
    bury(UUID.randomUUID(), requested(toolbox, 1), "unavailable");
    var id = letterOf(toolbox);

    order("/v1/dead-letters/" + id + "/discard", "{\"reason\": \"not wanted any more\"}")
        .statusCode(200)
        .body("state", equalTo("discarded"));
    order("/v1/dead-letters/" + id + "/replay", "{\"reason\": \"x\"}")
        .statusCode(409)
        .contentType("application/problem+json")
        .body("action", notNullValue());
    assertThat(bus.events(REPLAY, toolbox)).isEmpty();
  }

  @Test
  void poisonIsKeptButNotReplayed() {
    var toolbox = UUID.randomUUID();
    var poison = new byte[] {'{', 0, (byte) 0xff, (byte) 0xfe};
    var headers = new HashMap<>(attempts("unreadable_bad_json"));
    headers.put("ce_id", UUID.randomUUID().toString());
    headers.put("ce_source", "/test");
    headers.put("ce_type", "io.agentopia.toolbox.ToolboxRequested.v1");
    headers.put("x-retry-cause", "a NUL \u0000 in the cause");
    bus.publish(DEAD, toolbox.toString(), headers, poison);
    var id = letterOf(toolbox);

    operator()
        .get("/v1/dead-letters/" + id)
        .then()
        .body("body", nullValue())
        .body("letter.unreadable", notNullValue());
    order("/v1/dead-letters/" + id + "/replay", "{\"reason\": \"x\"}")
        .statusCode(422)
        .contentType("application/problem+json");
    assertThat(bus.records(REPLAY).stream().filter(r -> toolbox.toString().equals(r.key())))
        .isEmpty();
  }

  @Test
  void badInputIsAnsweredClearlyAndPublishesNothing() {
    var unknown = UUID.randomUUID();
    order("/v1/dead-letters/" + unknown + "/replay", "{\"reason\": \"x\"}").statusCode(404);
    order("/v1/dead-letters/abc/replay", "{\"reason\": \"x\"}").statusCode(404);
    order("/v1/dead-letters/replay", "{\"filter\": {\"code\": \"nothing\"}, \"reason\": \"x\"}")
        .statusCode(404)
        .body("type", equalTo("urn:toolbox:problem:no_dead_letter_matches"));
    order("/v1/dead-letters/replay", "{\"reason\": \"x\"}")
        .statusCode(400)
        .body("errors[0].field", equalTo("filter"));
    order("/v1/dead-letters/replay", "{\"filter\": {\"state\": \"odd\"}, \"reason\": \"x\"}")
        .statusCode(400)
        .body("errors[0].field", equalTo("state"));
    order("/v1/dead-letters/replay", "{\"all\": true}")
        .statusCode(400)
        .body("errors[0].field", equalTo("reason"));
    operator().get("/v1/dead-letters?limit=0").then().statusCode(400);
    operator().get("/v1/dead-letters?cursor=abc").then().statusCode(400);
    operator().get("/v1/dead-letters?toolboxId=abc").then().statusCode(400);
  }

  @Test
  void usersSeeNoDeadLettersButTheirToolboxShowsItsOwn() {
    var toolbox = UUID.randomUUID();
    accept(toolbox);
    bury(UUID.randomUUID(), requested(toolbox, 1), "cloud_credentials_refused");
    bury(UUID.randomUUID(), requested(toolbox, "acct-stranger", 1), "foreign_toolbox");

    user().get("/v1/dead-letters").then().statusCode(403).contentType("application/problem+json");
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + toolbox)
                    .then()
                    .statusCode(200)
                    .body("deadLetters", hasSize(1))
                    .body("deadLetters[0].code", equalTo("cloud_credentials_refused")));
  }

  @Test
  void whatWaitsForItsNextAttemptIsShownUntilItsTimeHasCome() {
    var toolbox = UUID.randomUUID();
    accept(toolbox);
    var due = Instant.now().plus(5, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS);
    var event = UUID.randomUUID();
    var headers = new HashMap<>(attempts("unavailable"));
    headers.put("x-retry-due-at", Long.toString(due.toEpochMilli()));
    headers.put("x-retry-of", "5");
    publish(RETRY, event, requested(toolbox, 1), headers);

    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + toolbox)
                    .then()
                    .statusCode(200)
                    .body("retries[0].attempt", equalTo(3))
                    .body("retries[0].of", equalTo(5))
                    .body("retries[0].nextAt", equalTo(due.toString())));

    bury(event, requested(toolbox, 1), "unavailable");
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + toolbox)
                    .then()
                    .body("retries", nullValue())
                    .body("deadLetters", hasSize(1)));
  }

  @Test
  void aDelayOfTheCloudIsShownUntilTheNextNews() {
    var toolbox = UUID.randomUUID();
    accept(toolbox);
    var next = Instant.parse("2026-11-23T15:00:04Z");
    bus.publish(
        Told.provisioningDelayed(
            new Subject(toolbox, "acct-1", 1, 2),
            ToolboxStatus.PROVISIONING,
            3,
            next,
            next.plusSeconds(600),
            "cloud_unavailable",
            "HTTP 503"));
    await()
        .untilAsserted(
            () ->
                user()
                    .get("/v1/toolboxes/" + toolbox)
                    .then()
                    .statusCode(200)
                    .body("provisioning.attempt", equalTo(3))
                    .body("provisioning.nextAt", equalTo(next.toString()))
                    .body("provisioning.message", equalTo("HTTP 503")));
  }

  @Test
  void aTopicIsRebuiltFromTheOutboxUnderTheSameEventIds() {
    var name = "rebuilt-" + UUID.randomUUID().toString().substring(0, 8);
    var id =
        UUID.fromString(
            user()
                .contentType("application/json")
                .body(Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb"))
                .post("/v1/toolboxes")
                .then()
                .statusCode(202)
                .extract()
                .<String>path("id"));
    await().until(() -> bus.events(Topics.TOOLBOX_REQUESTS, id).size() == 1);

    var which = "{\"toolboxId\": \"" + id + "\", \"dryRun\": %s}";
    await()
        .untilAsserted(
            () ->
                order("/v1/topics/toolbox.requests/rebuild", which.formatted(true))
                    .statusCode(200)
                    .body("events", equalTo(1)));
    assertThat(bus.events(Topics.TOOLBOX_REQUESTS, id)).hasSize(1);
    order("/v1/topics/toolbox.requests/rebuild", which.formatted(false)).statusCode(200);

    await().until(() -> bus.events(Topics.TOOLBOX_REQUESTS, id).size() == 2);
    var ids =
        bus.records(Topics.TOOLBOX_REQUESTS).stream()
            .filter(r -> id.toString().equals(r.key()))
            .map(r -> TestBus.headers(r).get("ce_id"))
            .toList();
    assertThat(ids).hasSize(2).containsOnly(ids.getFirst());
    order("/v1/topics/agent.heartbeats/rebuild", "{}").statusCode(400);
  }

  private void accept(UUID toolbox) {
    bus.publish(
        Told.toolboxAccepted(
            new Subject(toolbox, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            "t-" + toolbox.toString().substring(0, 8),
            "nyc3",
            "s-1vcpu-1gb"));
  }

  private static ToolboxRequested requested(UUID toolbox, long generation) {
    return requested(toolbox, "acct-1", generation);
  }

  private static ToolboxRequested requested(UUID toolbox, String account, long generation) {
    return Told.toolboxRequested(
        new Subject(toolbox, account, generation, 0), "n", "nyc3", "s-1vcpu-1gb");
  }

  private void bury(UUID id, Event event, String code) {
    publish(DEAD, id, event, attempts(code));
  }

  private void publish(String topic, UUID id, Event event, Map<String, String> more) {
    var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    var wire = EventCodec.encode(new EventEnvelope(id, "/test", Instant.now(), trace, event));
    var headers = new HashMap<>(wire.headers());
    headers.putAll(more);
    bus.publish(topic, wire.key(), headers, wire.body());
  }

  private static Map<String, String> attempts(String code) {
    return Map.of(
        "x-retry-attempt", "3",
        "x-retry-source", "toolbox.requests/2/17",
        "x-retry-first-failure", "2026-11-23T15:00:00Z",
        "x-retry-last-failure", "2026-11-23T15:01:00Z",
        "x-retry-code", code,
        "x-retry-cause", "HTTP 401");
  }

  private String letterOf(UUID toolbox) {
    var path = "/v1/dead-letters?toolboxId=" + toolbox;
    await()
        .untilAsserted(() -> operator().get(path).then().statusCode(200).body("items", hasSize(1)));
    return operator().get(path).then().extract().path("items[0].id");
  }

  private ValidatableResponse order(String path, String json) {
    return operator()
        .contentType("application/json")
        .body(json.getBytes(StandardCharsets.UTF_8))
        .post(path)
        .then();
  }

  private static RequestSpecification user() {
    return given().header("Authorization", "Bearer tbx_key_of_account_one");
  }

  private static RequestSpecification operator() {
    return given().header("Authorization", "Bearer tbx_key_of_operations");
  }
}
