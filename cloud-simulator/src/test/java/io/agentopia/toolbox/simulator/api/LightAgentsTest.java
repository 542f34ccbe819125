package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.eventually;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentopia.toolbox.simulator.store.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A light agent, before a control plane of the test's: it keeps to docs/agent-protocol.md. */
@QuarkusTest
@TestProfile(FastCloud.class)
class LightAgentsTest {
  private static final String KEY = "inbound-key-of-the-test";

  /** What the agent said, in order. */
  private record Call(String path, String authorization, JsonNode body) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private HttpServer backend;
  private volatile int heartbeatStatus = 200;
  private volatile int reportStatus = 202;
  private volatile long manifest = 1;

  @BeforeEach
  void listen() throws IOException {
    backend = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.createContext("/agent/v1/", this::answer);
    backend.start();
    choose("light").then().statusCode(200);
  }

  @AfterEach
  void close() {
    choose("process").then().statusCode(200);
    backend.stop(0);
  }

  private static io.restassured.response.Response choose(String kind) {
    return given()
        .contentType("application/json")
        .body("{\"kind\": \"" + kind + "\"}")
        .put("/control/agents");
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath().replace("/agent/v1/", "");
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    var body = exchange.getRequestBody().readAllBytes();
    calls.add(new Call(path, authorization, body.length == 0 ? null : Json.MAPPER.readTree(body)));
    switch (path) {
      case "join" ->
          send(
              exchange,
              200,
              """
              {"toolboxId": "t-1", "accountId": "a-1", "generation": 2, "agentToken": "token-1",
               "inboundKeys": [{"id": "k", "key": "%s"}], "heartbeatSeconds": 1}
              """
                  .formatted(KEY));
      case "heartbeat" ->
          send(
              exchange,
              "Bearer token-2".equals(authorization) ? 200 : heartbeatStatus,
              "{\"manifestGeneration\": %d, \"heartbeatSeconds\": 1}".formatted(manifest));
      case "token" -> send(exchange, 200, "{\"agentToken\": \"token-2\"}");
      case "manifest" ->
          send(
              exchange,
              200,
              """
              {"toolboxId": "t-1", "generation": %d, "tools": [{"toolInstanceId": "i-1", "name": "hello",
               "image": "debian", "desired": "running", "revision": 1, "restarts": 0,
               "ports": [{"containerPort": 8080}]}]}
              """
                  .formatted(manifest));
      case "report" -> send(exchange, reportStatus, "{}");
      default -> send(exchange, 202, "{}");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private long booted() {
    var userData =
        """
        #cloud-config
        write_files:
          - path: /etc/agentopia/dtma.env
            content: |
              DTMA_BACKEND_URL=http://127.0.0.1:%d
              DTMA_JOIN_TOKEN=join-1
              DTMA_PORT=30000
        """
            .formatted(backend.getAddress().getPort());
    var id = created(droplet(unique("light")).put("user_data", userData));
    eventually(() -> said("report") > 0);
    return id;
  }

  private long said(String path) {
    return calls.stream().filter(c -> c.path().equals(path)).count();
  }

  private Call last(String path) {
    return calls.stream().filter(c -> c.path().equals(path)).reduce((a, b) -> b).orElseThrow();
  }

  private static io.restassured.response.Response inside(long id) {
    return given().get("/control/droplets/" + id);
  }

  private static String address(long id) {
    return "http://" + inside(id).path("droplet.address") + ":30000";
  }

  @Test
  void joinsBeatsCarriesOutItsManifestAndReports() {
    var id = booted();

    assertThat(calls.stream().map(Call::path).filter(p -> !p.equals("boot")).limit(4))
        .containsExactly("join", "heartbeat", "manifest", "report");
    assertThat(said("boot")).isEqualTo(4);
    assertThat(last("join").authorization()).isEqualTo("Bearer join-1");
    assertThat(last("join").body().path("nonce").asText()).hasSize(64);
    assertThat(last("join").body().path("agentPort").asInt()).isEqualTo(30000);
    assertThat(last("heartbeat").authorization()).isEqualTo("Bearer token-1");
    var tool = last("report").body().path("tools").path(0);
    assertThat(tool.path("status").asText()).isEqualTo("running");
    assertThat(tool.path("containerId").asText()).hasSize(64);
    assertThat(tool.path("startedAt").isTextual()).isTrue();
    eventually(() -> said("heartbeat") > 2);
    assertThat(last("heartbeat").body().path("appliedManifestGeneration").asLong()).isEqualTo(1);
    assertThat(said("report")).as("nothing changed since").isEqualTo(1);
    assertThat(inside(id).<Boolean>path("machine.agentAlive")).isTrue();
  }

  @Test
  void aKilledOneComesBackWithItsIdentityAndItsTools() {
    var id = booted();
    var container = last("report").body().path("tools").path(0).path("containerId").asText();

    // Its first report may come before its droplet's init has noted that it runs: nobody to kill
    // yet.
    eventually(() -> given().post("/control/droplets/" + id + "/kill-agent").statusCode() == 202);

    eventually(() -> said("report") > 1);
    assertThat(said("join")).isEqualTo(1);
    assertThat(last("report").body().path("tools").path(0).path("containerId").asText())
        .isEqualTo(container);
  }

  @Test
  void renewsATokenThatIsNoLongerGood() {
    booted();

    heartbeatStatus = 401;

    eventually(() -> last("heartbeat").authorization().equals("Bearer token-2"));
    assertThat(last("token").authorization()).isEqualTo("Bearer token-1");
    assertThat(last("token").body().path("proof").asText()).isNotBlank();
  }

  @Test
  void saysAgainWhatWasNotTaken() {
    reportStatus = 503;
    booted();

    reportStatus = 202;

    eventually(() -> said("report") > 1);
  }

  @Test
  void aWakeBringsTheNewManifestAndOnlyItsKeyWakes() {
    var id = booted();
    given().get(address(id) + "/health").then().statusCode(200).body("status", equalTo("UP"));
    given().post(address(id) + "/wake").then().statusCode(401);
    given()
        .header("Authorization", "Bearer wrong")
        .get(address(id) + "/status")
        .then()
        .statusCode(401);

    manifest = 2;
    given()
        .header("Authorization", "Bearer " + KEY)
        .post(address(id) + "/wake")
        .then()
        .statusCode(202);

    eventually(() -> last("report").body().path("appliedManifestGeneration").asLong() == 2);
    given()
        .header("Authorization", "Bearer " + KEY)
        .get(address(id) + "/status")
        .then()
        .statusCode(200)
        .body("tool_instances[0].name", equalTo("hello"))
        .body("tool_instances[0].status", equalTo("running"));
  }

  @Test
  void aDeletedToolboxesAgentEndsAndIsSilent() {
    booted();

    heartbeatStatus = 410;

    eventually(() -> said("heartbeat") > 1 && calls.getLast().path().equals("heartbeat"));
  }

  @Test
  void anotherKindIsRefused() {
    choose("heavy").then().statusCode(400);
  }
}
