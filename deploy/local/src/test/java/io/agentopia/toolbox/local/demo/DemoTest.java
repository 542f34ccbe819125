package io.agentopia.toolbox.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a gateway and a cloud that answer from a script, each look the next line. */
class DemoTest {
  private static final String TOOLBOX = "GET /v1/toolboxes/t1";
  private static final String TOOL = "GET /v1/toolboxes/t1/tools/i1";
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private final Map<String, Iterator<String>> answers = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    script("POST /v1/toolboxes", "202 {\"id\": \"t1\"}");
    script("POST /v1/toolboxes/t1/tools", "202 {\"id\": \"i1\"}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void eachStepIsToldOnceInOrderAndABreakInBetweenIsBridged() throws Exception {
    script(
        TOOLBOX,
        "404 {}",
        "200 {\"status\": \"provisioning\", \"timeline\": [{\"stage\": \"accepted\"}]}",
        "503 {}",
        "200 {\"status\": \"awaiting_heartbeat\", \"dropletId\": 17, \"ipv4\": \"10.0.0.1\"}",
        "200 {\"status\": \"active\", \"dropletId\": 17, \"ipv4\": \"10.0.0.1\"}");
    script(
        TOOL,
        "200 {\"status\": \"pending\"}",
        "200 {\"status\": \"deploying\"}",
        "200 {\"status\": \"running\", \"containerId\": \"0123456789abcdef\"}");

    var result = demo().run("box", "debian:bookworm-slim");

    assertThat(result.toolboxId()).isEqualTo("t1");
    assertThat(steps)
        .containsExactly(
            "requested t1",
            "accepted",
            "droplet created droplet 17",
            "address known 10.0.0.1",
            "agent joined",
            "healthy",
            "tool requested hello, debian:bookworm-slim",
            "tool deploying",
            "tool running container 0123456789ab");
  }

  @Test
  void aFailedToolboxIsToldWithStepCodeSentenceAndAction() {
    script(
        TOOLBOX,
        "200 {\"status\": \"error_provisioning\", \"timeline\": [{\"stage\": \"accepted\"}], \"error\":"
            + " {\"code\": \"droplet_limit\", \"message\": \"limit reached\", \"action\": \"ask for more\"}}");
    assertThatThrownBy(() -> demo().run("box", "image"))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("the step \"droplet created\" did not come")
        .hasMessageContaining("droplet_limit")
        .hasMessageContaining("limit reached")
        .hasMessageContaining("ask for more")
        .extracting(e -> ((StepFailed) e).logOf())
        .isEqualTo("provisioner-service");
  }

  @Test
  void aRefusedRequestIsToldWithTheFieldAtFault() {
    script(
        "POST /v1/toolboxes",
        "400 {\"title\": \"Invalid\", \"detail\": \"bad input\", \"action\": \"mend it\","
            + " \"errors\": [{\"field\": \"name\", \"message\": \"too long\"}]}");
    assertThatThrownBy(() -> demo().run("box", "image"))
        .hasMessageContaining("400 Invalid")
        .hasMessageContaining("bad input [name: too long]")
        .hasMessageContaining("mend it");
  }

  @Test
  void deletionEndsWithTheCloudsOwnList() throws Exception {
    running();
    script("DELETE /v1/toolboxes/t1", "202 {}");
    script("GET /v2/droplets?tag_name=toolbox:t1", "200 {\"droplets\": []}");
    var demo = demo();
    demo.run("box", "image");
    script(TOOLBOX, "200 {\"status\": \"deprovisioning\"}", "200 {\"status\": \"deprovisioned\"}");

    demo.delete();

    assertThat(steps).endsWith("no droplet left the cloud's list for toolbox:t1 is empty");
    assertThat(asked).contains("GET /v2/droplets?tag_name=toolbox:t1 as Bearer cloud-token");
  }

  @Test
  void aDropletThatIsLeftIsAFailure() throws Exception {
    running();
    script("DELETE /v1/toolboxes/t1", "202 {}");
    script("GET /v2/droplets?tag_name=toolbox:t1", "200 {\"droplets\": [{\"id\": 17}]}");
    var demo = demo();
    demo.run("box", "image");
    script(TOOLBOX, "404 {}");
    assertThatThrownBy(demo::delete).hasMessageContaining("no droplet left");
  }

  private void running() {
    script(TOOLBOX, "200 {\"status\": \"active\"}");
    script(TOOL, "200 {\"status\": \"running\", \"containerId\": \"c\"}");
  }

  private Demo demo() {
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    return new Demo(
        url,
        "user-key",
        url,
        "cloud-token",
        (time, title, detail) -> steps.add((title + " " + detail).strip()));
  }

  private void script(String request, String... lines) {
    answers.put(request, List.of(lines).iterator());
  }

  /** The last line of a script is the answer from then on. */
  private void answer(HttpExchange exchange) throws IOException {
    var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(request + " as " + exchange.getRequestHeaders().getFirst("Authorization"));
    var lines = answers.get(request);
    var line = lines == null ? "500 {}" : lines.next();
    if (lines != null && !lines.hasNext()) {
      script(request, line);
    }
    var body = line.substring(4).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(Integer.parseInt(line.substring(0, 3)), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
