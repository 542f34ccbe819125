package io.agentopia.toolbox.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Provisioner, deployer and health service as the gateway sees them: what they shall answer can be
 * set.
 */
public class FakeServices implements QuarkusTestResourceLifecycleManager {
  /** Answer of a path: status and JSON. */
  public record Answer(int status, String json) {}

  public static final Map<String, Answer> ANSWERS = new ConcurrentHashMap<>();
  public static final Map<String, String> LAST_BODY = new ConcurrentHashMap<>();

  private static final String CATALOG =
      """
      {"regions": [{"slug": "nyc3", "name": "New York 3", "available": true, "sizes": ["s-1vcpu-1gb"]},
                   {"slug": "ams3", "name": "Amsterdam 3", "available": true, "sizes": []}],
       "sizes": [{"slug": "s-1vcpu-1gb", "memoryMb": 1024, "vcpus": 1, "diskGb": 25, "priceMonthly": 6.0, "available": true, "regions": ["nyc3"]}]}
      """;

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", FakeServices::answer);
    server.start();
    ANSWERS.put("/internal/catalog", new Answer(200, CATALOG));
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "quarkus.rest-client.provisioner.url", url,
        "quarkus.rest-client.deployer.url", url,
        "quarkus.rest-client.health.url", url);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    LAST_BODY.put(
        path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var isOurs =
        "Bearer internal-test-key".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    var answer = isOurs ? ANSWERS.getOrDefault(path, new Answer(404, "{}")) : new Answer(401, "{}");
    var bytes = answer.json().getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            answer.status() < 400 ? "application/json" : "application/problem+json");
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
