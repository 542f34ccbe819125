package io.agentopia.toolbox.gateway.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import io.agentopia.toolbox.gateway.FakeServices;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tool that its droplet cannot have is refused when it is asked for, not when it fails there. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class RoomForAToolTest {
  private String toolbox;

  /** Of a size with 1 core and 1,024 MiB. */
  @BeforeEach
  void make() {
    toolbox =
        post(
                "/v1/toolboxes",
                "{\"name\": \"t-%s\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}"
                    .formatted(UUID.randomUUID().toString().substring(0, 8)))
            .statusCode(202)
            .extract()
            .path("id");
  }

  @Test
  void noToolGetsMoreThanTheSizeOrderedHas() {
    tool("a", "\"memoryMb\": 65536, \"cpus\": 64")
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors.field", hasItems("memoryMb", "cpus"))
        .body(
            "errors[0].message",
            equalTo("must be at most 1024, all that size s-1vcpu-1gb has; found 65536"));
    tool("a", "\"memoryMb\": 1025").statusCode(400).body("errors[0].field", equalTo("memoryMb"));
    tool("a", "\"cpus\": 1.01").statusCode(400).body("errors[0].field", equalTo("cpus"));
    tool("a", "\"memoryMb\": 1024, \"cpus\": 1").statusCode(202);
  }

  @Test
  void aHostPortBelongsToOneToolOfAToolbox() {
    var ports = "\"ports\": [{\"containerPort\": 80, \"hostPort\": 8080}]";
    tool("a", ports).statusCode(202);
    tool("b", ports)
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:toolbox:problem:host_port_taken"))
        .body("errors[0].field", equalTo("ports.hostPort"))
        .body("errors[0].message", containsString("8080/tcp"));
    tool("b", ports.replace("8080}", "8080, \"protocol\": \"udp\"}")).statusCode(202);
    tool("c", ports.replace("8080", "8081")).statusCode(202);
    make();
    tool("a", ports).statusCode(202);
  }

  /** So that the manifest of all of them is one that the agent reads. */
  @Test
  void aToolboxHasFiftyToolsAndNoMore() {
    for (var i = 0; i < 50; i++) {
      tool("t" + i, "\"memoryMb\": 16").statusCode(202);
    }
    tool("one-more", "\"memoryMb\": 16")
        .statusCode(409)
        .body("type", equalTo("urn:toolbox:problem:too_many_tools"));
  }

  @Test
  void aSpecificationIsBoundedAsAWhole() {
    var arguments =
        String.join(",", java.util.Collections.nCopies(60, '"' + "x".repeat(4000) + '"'));
    tool("a", "\"command\": [" + arguments + "]")
        .statusCode(400)
        .body("errors[0].field", equalTo("command"))
        .body("errors[0].message", containsString("at most 32768"));
  }

  private ValidatableResponse tool(String name, String rest) {
    return post(
        "/v1/toolboxes/" + toolbox + "/tools",
        "{\"name\": \"%s\", \"image\": \"nginx:1\", %s}".formatted(name, rest));
  }

  private static ValidatableResponse post(String path, String body) {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .contentType("application/json")
        .body(body)
        .post(path)
        .then();
  }
}
