package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxStatusChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.FakeServices.Answer;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A droplet that never boots does not look well for as long as it is waited for. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class WaitingIsShownTest {
  private static final String WAITING =
      """
      {"what": "agent_join", "since": "2026-11-28T11:00:00Z", "until": "2026-11-28T11:10:00Z",
       "then": "it is tried once more with a new droplet"}
      """;

  private final UUID id = UUID.randomUUID();

  @Test
  void whatIsWaitedForSinceWhenAndUntilWhenStandsInToolboxBootAndPage() {
    FakeServices.ANSWERS.put("/internal/toolboxes/" + id + "/waiting", new Answer(200, WAITING));
    standsStillFor(Duration.ofMinutes(1));
    for (var path : new String[] {"", "/boot"}) {
      get(path)
          .body("waitsFor.what", equalTo("agent_join"))
          .body("waitsFor.since", equalTo("2026-11-28T11:00:00Z"))
          .body("waitsFor.until", equalTo("2026-11-28T11:10:00Z"))
          .body("waitsFor.then", containsString("once more"));
    }
    var session =
        given()
            .redirects()
            .follow(false)
            .formParam("key", "tbx_key_of_account_one")
            .post("/ui/login")
            .getCookies();
    given()
        .cookies(session)
        .get("/ui/toolboxes/" + id)
        .then()
        .statusCode(200)
        .body(
            containsString(
                "Waits for the agent to join from the droplet, since 2026-11-28 11:00:00 UTC"))
        .body(containsString("Until 2026-11-28 11:10:00 UTC; then it is tried once more"));
  }

  @Test
  void nobodyIsAskedAboutOneThatIsOnItsWayAndNoAnswerIsNoTrouble() {
    FakeServices.ANSWERS.put("/internal/toolboxes/" + id + "/waiting", new Answer(500, "{}"));
    standsStillFor(Duration.ofMinutes(1));
    get("").body("waitsFor", nullValue()).body("status", equalTo("awaiting_heartbeat"));

    FakeServices.ANSWERS.put("/internal/toolboxes/" + id + "/waiting", new Answer(200, WAITING));
    publish(Duration.ZERO, status(3));
    await()
        .untilAsserted(
            () -> get("").body("waitsFor", nullValue()).body("statusDetail", equalTo("3")));
  }

  private ValidatableResponse get(String below) {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .get("/v1/toolboxes/" + id + below)
        .then()
        .statusCode(200);
  }

  private void standsStillFor(Duration time) {
    var name = "waits-" + id.toString().substring(0, 8);
    publish(
        time,
        Told.toolboxAccepted(
            new Subject(id, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            name,
            "nyc3",
            "s-1vcpu-1gb"));
    publish(time, status(2));
    await()
        .untilAsserted(
            () ->
                given()
                    .header("Authorization", "Bearer tbx_key_of_account_one")
                    .get("/v1/toolboxes/" + id)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("awaiting_heartbeat")));
  }

  private ToolboxStatusChanged status(long sequence) {
    return Told.toolboxStatusChanged(
        new Subject(id, "acct-1", 1, sequence), ToolboxStatus.AWAITING_HEARTBEAT, "" + sequence);
  }

  private static void publish(Duration ago, Event event) {
    var at = Instant.now().minus(ago);
    var wire = EventCodec.encode(new EventEnvelope(UUID.randomUUID(), "/test", at, null, event));
    TestBus.get().publish(wire.topic(), wire.key(), wire.headers(), wire.body());
  }
}
