package io.agentopia.toolbox.gateway.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.agentopia.toolbox.gateway.FakeServices;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each address of /v1 that takes a body takes it to the letter. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class StrictBodiesTest {
  private static final String PROBLEM = "application/problem+json";

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/v1/toolboxes",
    "/v1/toolboxes/00000000-0000-4000-8000-000000000000/tools",
    "/v1/dead-letters/replay",
    "/v1/dead-letters/discard",
    "/v1/dead-letters/00000000-0000-4000-8000-000000000000/replay",
    "/v1/dead-letters/00000000-0000-4000-8000-000000000000/discard",
    "/v1/topics/toolbox.requests/rebuild",
    "/v1/agent-rollouts",
    "/v1/agent-rollouts/00000000-0000-4000-8000-000000000000/halt",
    "/v1/agent-rollouts/00000000-0000-4000-8000-000000000000/resume",
    "/v1/agent-rollouts/00000000-0000-4000-8000-000000000000/rollback"
  })
  void anUnknownFieldIsNamedAndNothingIsDone(String path) {
    post(path, "{\"volume\": 1}")
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", hasItem("volume"))
        .body("errors.message", hasItem(containsString("known are")));
    post(path, "{\"volume\": ")
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("urn:toolbox:problem:malformed_json"));
    post(path, "[]").statusCode(400).body("errors[0].field", equalTo("body"));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "command[0] | {\"name\": \"t\", \"image\": \"x\", \"command\": [null]}",
        "ports[0] | {\"name\": \"t\", \"image\": \"x\", \"ports\": [null]}",
        "environment.X | {\"name\": \"t\", \"image\": \"x\", \"environment\": {\"X\": null}}",
        "memoryMb | {\"name\": \"t\", \"image\": \"x\", \"memoryMb\": 256.7}",
        "memoryMb | {\"name\": \"t\", \"image\": \"x\", \"memoryMb\": 0}",
        "cpus | {\"name\": \"t\", \"image\": \"x\", \"cpus\": \"NaN\"}",
        "cpus | {\"name\": \"t\", \"image\": \"x\", \"cpus\": -1}",
        "cpus | {\"name\": \"t\", \"image\": \"x\", \"cpus\": 0}",
        "ports.hostPort | {\"name\": \"t\", \"image\": \"x\", \"ports\": [{\"containerPort\": 1, \"hostPort\": 8080}, {\"containerPort\": 2, \"hostPort\": 8080}]}"
      })
  void aToolIsWhatItsSpecificationSays(String field, String body) {
    post("/v1/toolboxes/" + UUID.randomUUID() + "/tools", body)
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void timesAreOfOurEra() {
    post("/v1/topics/tool.requests/rebuild", "{\"from\": \"+999999999-01-01T00:00:00Z\"}")
        .statusCode(400)
        .body("errors[0].field", equalTo("from"));
    post(
            "/v1/topics/tool.requests/rebuild",
            "{\"from\": \"2026-11-24T12:00:00Z\", \"dryRun\": true}")
        .statusCode(200);
  }

  /** Names and values come in any order, also after a restart. */
  @Test
  void aRepetitionIsOneWhateverItsOrder() {
    var toolbox =
        post(
                "/v1/toolboxes",
                "{\"name\": \"t-%s\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}"
                    .formatted(UUID.randomUUID().toString().substring(0, 8)))
            .statusCode(202)
            .extract()
            .<String>path("id");
    var key = UUID.randomUUID().toString();
    var first =
        "{\"name\": \"a\", \"image\": \"x\", \"environment\": {\"A\": \"1\", \"B\": \"2\", \"C\": \"3\"}}";
    var again =
        "{\"environment\": {\"C\": \"3\", \"B\": \"2\", \"A\": \"1\"}, \"image\": \"x\", \"name\": \"a\"}";
    var id = repeated(toolbox, key, first).statusCode(202).extract().<String>path("id");
    repeated(toolbox, key, again).statusCode(202).body("id", equalTo(id));
    repeated(toolbox, key, again.replace("\"3\"", "\"4\"")).statusCode(422).contentType(PROBLEM);
  }

  private static ValidatableResponse repeated(String toolbox, String key, String body) {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .header("Idempotency-Key", key)
        .contentType("application/json")
        .body(body)
        .post("/v1/toolboxes/" + toolbox + "/tools")
        .then();
  }

  private static ValidatableResponse post(String path, String body) {
    var isForUsers = path.startsWith("/v1/toolboxes");
    return given()
        .header(
            "Authorization",
            "Bearer " + (isForUsers ? "tbx_key_of_account_one" : "tbx_key_of_operations"))
        .contentType("application/json")
        .body(body)
        .post(path)
        .then();
  }
}
