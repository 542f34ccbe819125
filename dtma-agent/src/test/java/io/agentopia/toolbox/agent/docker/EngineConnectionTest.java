package io.agentopia.toolbox.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine can be exchanged for another one under an agent that runs. */
class EngineConnectionTest {
  /** What {@code GET /version} and the paths with a version answer, as Docker's releases do. */
  private record Engine(String oldest, String newest) {
    boolean knows(String version) {
      return minor(oldest) <= minor(version) && minor(version) <= minor(newest);
    }

    private static int minor(String version) {
      return Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }
  }

  private static final Engine DOCKER_20 = new Engine("1.12", "1.41");
  private static final Engine DOCKER_28 = new Engine("1.24", "1.51");
  private static final Engine LATER = new Engine("1.48", "1.60");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Engine engine = DOCKER_20;
  private HttpServer server;
  private DockerJavaGateway gateway;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    gateway =
        new DockerJavaGateway(
            "tcp://127.0.0.1:" + server.getAddress().getPort(), Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.stop(0);
  }

  @Test
  void theLowerOfItsAndOurNewestIsSpoken() {
    gateway.facts();
    assertThat(asked.getLast()).isEqualTo("/v1.41/info");
  }

  @Test
  void anEngineThatWasExchangedIsAskedAgainAndSpokenToInWhatItKnows() {
    gateway.facts();
    for (var next : List.of(LATER, DOCKER_20, DOCKER_28)) {
      engine = next;
      if (!next.knows(asked.getLast().substring(2, 6))) {
        assertThatThrownBy(gateway::facts)
            .isInstanceOf(DockerRefusal.class)
            .hasMessageContaining("client version");
      }
      assertThat(gateway.facts().version()).isEqualTo("engine up to " + next.newest());
    }
  }

  @Test
  void oneThatKnowsNothingSoOldIsSpokenToInItsOldest() {
    engine = LATER;
    gateway.facts();
    assertThat(asked.getLast()).isEqualTo("/v1.48/info");
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var version = path.startsWith("/v1.") ? path.substring(2, path.indexOf('/', 1)) : null;
    asked.add(path);
    if (version != null && !engine.knows(version)) {
      send(exchange, 400, "{\"message\": \"client version " + version + " is not known here\"}");
    } else if (path.endsWith("/version")) {
      send(
          exchange,
          200,
          "{\"ApiVersion\": \"%s\", \"MinAPIVersion\": \"%s\"}"
              .formatted(engine.newest(), engine.oldest()));
    } else {
      send(
          exchange,
          200,
          "{\"ServerVersion\": \"engine up to %s\", \"ContainersRunning\": 0}"
              .formatted(engine.newest()));
    }
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    var body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
