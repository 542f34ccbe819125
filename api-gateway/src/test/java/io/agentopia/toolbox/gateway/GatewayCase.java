package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** What the tests of the gateway on a real broker and database have in common. */
abstract class GatewayCase {
  static final String PROBLEM = "application/problem+json";
  final TestBus bus = TestBus.get();

  static String unique() {
    return "t-" + UUID.randomUUID().toString().substring(0, 13);
  }

  static Map<String, Object> wish(String name) {
    return Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb");
  }

  static UUID create(String name) {
    return UUID.fromString(
        post("/v1/toolboxes", wish(name))
            .statusCode(202)
            .header("Location", containsString("/v1/toolboxes/"))
            .extract()
            .path("id"));
  }

  void accepted(UUID id, String name) {
    bus.publish(
        Told.toolboxAccepted(
            new Subject(id, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            name,
            "nyc3",
            "s-1vcpu-1gb"));
  }

  static void awaitStatus(UUID id, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> user().get("/v1/toolboxes/" + id).then().body("status", equalTo(status)));
  }

  static ValidatableResponse post(String path, Object body) {
    return user().contentType("application/json").body(body).post(path).then();
  }

  static RequestSpecification user() {
    return as("tbx_key_of_account_one");
  }

  static RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key);
  }
}
