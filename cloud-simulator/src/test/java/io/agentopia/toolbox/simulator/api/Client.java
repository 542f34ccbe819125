package io.agentopia.toolbox.simulator.api;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.store.Json;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/** The tests' words for what a client of DigitalOcean does. */
final class Client {
  private Client() {}

  static RequestSpecification api() {
    return given()
        .header("Authorization", "Bearer " + FastCloud.TOKEN)
        .header("Content-Type", "application/json");
  }

  static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static ObjectNode droplet(String name, String... tags) {
    var body = Json.MAPPER.createObjectNode();
    body.put("name", name)
        .put("region", "nyc3")
        .put("size", "s-1vcpu-1gb")
        .put("image", "debian-12-x64");
    var list = body.putArray("tags");
    for (var tag : tags) {
      list.add(tag);
    }
    return body;
  }

  static long created(ObjectNode body) {
    return api()
        .body(body.toString())
        .post("/v2/droplets")
        .then()
        .statusCode(202)
        .extract()
        .jsonPath()
        .getLong("droplet.id");
  }

  static ValidatableResponse get(long id) {
    return api().get("/v2/droplets/" + id).then();
  }

  static String status(long id) {
    return get(id).extract().jsonPath().getString("droplet.status");
  }

  static ValidatableResponse act(long id, String type) {
    return api().body("{\"type\":\"" + type + "\"}").post("/v2/droplets/" + id + "/actions").then();
  }

  static ValidatableResponse inside(long id) {
    return given().get("/control/droplets/" + id).then().statusCode(200);
  }

  static Long pid(long id) {
    var pid = inside(id).extract().jsonPath().get("machine.pid");
    return pid == null ? null : Long.valueOf(pid.toString());
  }

  /** In another process than that one; looked at once, since it may end at any time. */
  static boolean runsAnew(long id, Long before) {
    var now = pid(id);
    return now != null && !now.equals(before);
  }

  static String bootId(long id) {
    return inside(id).extract().jsonPath().getString("machine.bootId");
  }

  static void eventually(Supplier<Boolean> fact) {
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(fact::get);
  }

  static void unlocked(long id) {
    eventually(() -> !get(id).extract().jsonPath().getBoolean("droplet.locked"));
  }

  static void faults(String json) {
    given().body(json).post("/control/faults").then().statusCode(201);
  }

  static void noFaults() {
    given().delete("/control/faults").then().statusCode(204);
  }

  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}
