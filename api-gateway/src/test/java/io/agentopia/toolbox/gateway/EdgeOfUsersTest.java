package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users' requests at the edge: what is taken in, what is refused and how. The services behind the
 * gateway are fakes.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class EdgeOfUsersTest extends GatewayCase {
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
    bus.publish(Told.toolboxDeleted(new Subject(id, "acct-1", 1, 2), ToolboxStatus.DEPROVISIONED));
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
  void theApiDescribesItself() {
    given()
        .get("/openapi?format=json")
        .then()
        .statusCode(200)
        .body("paths.'/v1/toolboxes'.post.responses", notNullValue())
        .body("info.title", equalTo("Agentopia Toolbox API"));
  }
}
