package io.agentopia.toolbox.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.gateway.FakeServices;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as bytes: most of these no decent client would send. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class EveryRefusalIsAProblemTest {
  private static final String ID = "00000000-0000-4000-8000-000000000000";

  @TestHTTPResource URI server;

  private record Answer(int status, Map<String, String> headers, String body) {
    void isAProblem(int expected) throws IOException {
      assertThat(status).as(body).isEqualTo(expected);
      assertThat(headers.get("content-type")).startsWith(Problem.MEDIA_TYPE);
      var problem = new ObjectMapper().readTree(body);
      assertThat(problem.path("status").asInt()).isEqualTo(expected);
      for (var member : new String[] {"type", "title", "detail", "action"}) {
        assertThat(problem.path(member).asText()).as(member).isNotBlank();
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET, /v1/nothing, 404",
    "GET, /nothing, 404",
    "GET, /v1/toolboxes/%00, 400",
    "GET, /v1/toolboxes/%zz, 400",
    "GET, /v1/toolboxes/%, 400",
    "GET, /v1/toolboxes/%e4, 400",
    "GET, /v1/toolboxes/%ed%a0%80, 400",
    "GET, /v1/toolboxes?cursor=%zz, 400",
    "GET, /v1/toolboxes?cursor=%00, 400",
    "GET, /v1/toolboxes?limit=%00, 400",
    "GET, /v1/toolboxes?limit=1&limit=2, 400",
    "GET, /v1/toolboxes?limits=1, 400",
    "GET, /v1/toolboxes?status=, 200",
    "GET, /v1/dead-letters?service=%00, 400",
    "GET, /v1/dead-letters?topic=a%00b, 400",
    "GET, /v1/dead-letters?code=%0a, 400",
    "GET, /v1/dead-letters?eventType=%7f, 400",
    "GET, /v1/dead-letters?toolboxId=%00, 400",
    "GET, /v1/dead-letters?cursor=%00, 400",
    "GET, /v1/audit/credentials?credential=%00, 400",
    "GET, /v1/audit/credentials?limit=ten, 400",
    "GET, /v1/audit/credentials?limit=99999999999, 400",
    "GET, /v1/agent-rollouts?limit=%00, 400",
    "GET, /v1/agent-rollouts/%00, 400",
    "GET, /v1/audit/credentials?since=%2B999999999-01-01T00:00:00Z, 400",
    "GET, /v1/audit/credentials?since=2026-11-24T12:00:00Z, 200",
    "GET, /v1/dead-letters?cursor=%2B999999999-01-01T00:00:00Z_" + ID + ", 400",
    "GET, /v1/toolboxes?cursor=KzEwMDAwMDAwMC0wMS0wMVQwMDowMDowMFogMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAw, 400",
    "POST, /v1/topics/%00/rebuild, 400",
    "DELETE, /v1/toolboxes/" + ID + "?force=maybe, 400",
    "DELETE, /v1/toolboxes/" + ID + "?Force=true, 400"
  })
  void anAddressIsTakenToTheLetter(String method, String target, int status) throws IOException {
    var answer = send(method + " " + target, operator());
    if (status < 400) {
      assertThat(answer.status()).isEqualTo(status);
    } else {
      answer.isAProblem(status);
    }
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT | /v1/toolboxes | GET,HEAD,OPTIONS,POST",
        "POST | /v1/toolboxes/" + ID + " | DELETE,GET,HEAD,OPTIONS",
        "GET | /v1/toolboxes/" + ID + "/recreate | OPTIONS,POST",
        "PATCH | /v1/toolboxes/" + ID + "/tools | GET,HEAD,OPTIONS,POST",
        "GET | /v1/topics/toolbox.requests/rebuild/ | OPTIONS,POST",
        "DELETE | /v1/catalog | GET,HEAD,OPTIONS",
        "DELETE | /agent/v1/heartbeat | OPTIONS,POST"
      })
  void aMethodThatIsNotOfferedIsAnsweredWithThoseThatAre(String method, String path, String allowed)
      throws IOException {
    var answer = send(method + " " + path, operator());
    answer.isAProblem(405);
    assertThat(answer.headers().get("allow").replace(" ", "").split(","))
        .containsExactlyInAnyOrder(allowed.split(","));
  }

  @Test
  void whatIsTooLongIsAProblemToo() throws IOException {
    send("GET /v1/toolboxes?cursor=" + "a".repeat(4096), operator()).isAProblem(414);
    send("GET /" + "a".repeat(200_000), operator()).isAProblem(414);
    send("GET /v1/toolboxes", operator() + "X-Long: " + "a".repeat(30_000) + "\r\n")
        .isAProblem(431);
    send("POST /v1/toolboxes", operator() + json("Content-Length: 1048577")).isAProblem(413);
  }

  @Test
  void aBodyThatIsLongerThanItsSenderToldIsAProblemToo() throws IOException {
    var chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
    var body = chunk.repeat(17) + "0\r\n\r\n";
    send("POST /v1/toolboxes", operator() + json("Transfer-Encoding: chunked"), body)
        .isAProblem(413);
  }

  @Test
  void theFormsOfBodyAndAnswerAreHeld() throws IOException {
    send(
            "POST /v1/toolboxes",
            operator() + "Content-Type: text/plain\r\nContent-Length: 2\r\n",
            "{}")
        .isAProblem(415);
    send("GET /v1/toolboxes", operator() + "Accept: text/csv\r\n").isAProblem(406);
    send("DELETE /v1/toolboxes/" + ID, operator() + json("Content-Length: 14"), "{\"force\":true}")
        .isAProblem(400);
    send("POST /v1/toolboxes", operator() + json("Content-Length: 0")).isAProblem(400);
    send("GET /v1/toolboxes", "").isAProblem(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/a%20b", "/%c3%a4?x=%F0%9F%98%80", "/v1/x?a=b%25", "/a+b?c=%2B", "/?%41"})
  void whatIsEncodedWellIsLetThrough(String address) {
    assertThat(EarlyRefusals.isWellFormed(address)).isTrue();
  }

  private static String operator() {
    return "Authorization: Bearer tbx_key_of_operations\r\n";
  }

  private static String json(String length) {
    return "Content-Type: application/json\r\n" + length + "\r\n";
  }

  private Answer send(String what, String headers) throws IOException {
    return send(what, headers, "");
  }

  private Answer send(String what, String headers, String body) throws IOException {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      var request =
          what + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + headers + "\r\n" + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var text =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .split("\r\n\r\n", 2);
      var lines = text[0].split("\r\n");
      var found =
          Arrays.stream(lines)
              .skip(1)
              .map(l -> l.split(": ", 2))
              .collect(
                  Collectors.toMap(
                      l -> l[0].toLowerCase(Locale.ROOT),
                      l -> l[1],
                      (a, b) -> a + "," + b,
                      TreeMap::new));
      return new Answer(Integer.parseInt(lines[0].split(" ")[1]), found, text[1]);
    }
  }
}
