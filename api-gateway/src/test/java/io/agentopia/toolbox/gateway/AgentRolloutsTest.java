package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.gateway.FakeServices.Answer;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators come through to the health service, with their name, and nobody else does. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class AgentRolloutsTest {
  private static final String PATH = "/internal/agent-rollouts";
  private final UUID id = UUID.randomUUID();

  @AfterEach
  void forget() {
    FakeServices.ANSWERS.keySet().removeIf(p -> p.startsWith(PATH));
    FakeServices.LAST_BODY.keySet().removeIf(p -> p.startsWith(PATH));
  }

  @Test
  void aStartIsPassedOnAsItComesAndItsPlaceIsTold() {
    FakeServices.ANSWERS.put(PATH, new Answer(201, "{\"id\": \"" + id + "\"}"));
    operator()
        .body("{\"version\": \"v1\", \"images\": [\"x\"], \"canaries\": 2}")
        .post("/v1/agent-rollouts")
        .then()
        .statusCode(201)
        .header("Location", endsWith("/v1/agent-rollouts/" + id))
        .body("id", equalTo(id.toString()));
    assertThat(FakeServices.LAST_BODY.get(PATH)).contains("\"canaries\":2", "\"images\":[\"x\"]");
    assertThat(FakeServices.LAST_QUERY.get(PATH)).isEqualTo("by=operations");
  }

  @Test
  void whatTheHealthServiceRefusesIsPassedOnAsAProblem() {
    FakeServices.ANSWERS.put(PATH, new Answer(409, "{\"status\": 409, \"detail\": \"open\"}"));
    operator()
        .body("{}")
        .post("/v1/agent-rollouts")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("detail", equalTo("open"));
    operator().body("{\"version\": ").post("/v1/agent-rollouts").then().statusCode(400);
    operator().body("[]").post("/v1/agent-rollouts").then().statusCode(400);
  }

  @Test
  void aListAndOneOfThem() {
    FakeServices.ANSWERS.put(PATH, new Answer(200, "{\"items\": []}"));
    FakeServices.ANSWERS.put(PATH + "/" + id, new Answer(200, "{\"state\": \"canary\"}"));
    operator().get("/v1/agent-rollouts?limit=7").then().statusCode(200);
    assertThat(FakeServices.LAST_QUERY.get(PATH)).isEqualTo("limit=7");
    operator().get("/v1/agent-rollouts?limit=7&cursor=eHl6").then().statusCode(200);
    assertThat(FakeServices.LAST_QUERY.get(PATH)).isEqualTo("limit=7&cursor=eHl6");
    operator().get("/v1/agent-rollouts").then().statusCode(200);
    operator()
        .get("/v1/agent-rollouts/" + id)
        .then()
        .statusCode(200)
        .body("state", equalTo("canary"));
    operator().get("/v1/agent-rollouts/" + UUID.randomUUID()).then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "resume", "rollback"})
  void anActionIsPassedOnWithItsReason(String action) {
    var path = PATH + "/" + id + "/" + action;
    FakeServices.ANSWERS.put(path, new Answer(200, "{\"state\": \"x\"}"));
    operator()
        .body("{\"reason\": \"because\"}")
        .post("/v1/agent-rollouts/" + id + "/" + action)
        .then()
        .statusCode(200);
    assertThat(FakeServices.LAST_BODY.get(path)).isEqualTo("{\"reason\":\"because\"}");
    assertThat(FakeServices.LAST_QUERY.get(path)).isEqualTo("by=operations");
    operator().post("/v1/agent-rollouts/" + id + "/" + action).then().statusCode(200);
    assertThat(FakeServices.LAST_BODY.get(path)).isEqualTo("{}");
  }

  @Test
  void usersAreNotLetIn() {
    user().get("/v1/agent-rollouts").then().statusCode(403);
    user().get("/v1/agent-rollouts/" + id).then().statusCode(403);
    user().body("{}").post("/v1/agent-rollouts").then().statusCode(403);
    for (var action : new String[] {"halt", "resume", "rollback"}) {
      user().body("{}").post("/v1/agent-rollouts/" + id + "/" + action).then().statusCode(403);
    }
    given().get("/v1/agent-rollouts").then().statusCode(401);
    assertThat(FakeServices.LAST_BODY.keySet()).noneMatch(p -> p.startsWith(PATH));
  }

  @Test
  void theyAreInTheDescriptionOfTheApi() {
    given()
        .get("/openapi")
        .then()
        .statusCode(200)
        .body(containsString("/v1/agent-rollouts/{id}/rollback"))
        .body(containsString("AgentRolloutWish"));
  }

  private static RequestSpecification operator() {
    return given()
        .header("Authorization", "Bearer tbx_key_of_operations")
        .contentType("application/json");
  }

  private static RequestSpecification user() {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .contentType("application/json");
  }
}
