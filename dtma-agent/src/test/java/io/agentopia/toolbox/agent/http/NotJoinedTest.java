package io.agentopia.toolbox.agent.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The control plane calls in before the agent could join. */
@QuarkusTest
@TestProfile(NotJoinedTest.NobodyAnswers.class)
class NotJoinedTest {

  /** Nothing listens on port 1. */
  public static final class NobodyAnswers implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        return Map.of(
            "dtma.backend-url", "http://127.0.0.1:1",
            "dtma.join-token", "token",
            "dtma.state-dir", Files.createTempDirectory("dtma-test").resolve("state").toString());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  @Test
  void health_says_that_it_has_not_joined() {
    given().get("/health").then().statusCode(503).body("checks.joined", equalTo("DOWN"));
  }

  @Test
  void every_other_call_is_not_available_yet() {
    for (var path : new String[] {"/status", "/metrics", "/tools/search/logs"}) {
      given()
          .header("Authorization", "Bearer anything")
          .get(path)
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .body("action", notNullValue());
    }
  }
}
