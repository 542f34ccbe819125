package io.agentopia.toolbox.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Provisioner, deployer and health service as the gateway sees them: what they shall answer can be
 * set.
 */
public class FakeServices implements QuarkusTestResourceLifecycleManager {
  /** Answer of a path: status, JSON, and headers besides. */
  public record Answer(int status, String json, Map<String, String> headers) {
    public Answer(int status, String json) {
      this(status, json, Map.of());
    }
  }

  /** Keys of the ring, for tokens and inbound keys alike; their ids are "first" and "second". */
  public static final String FIRST = "first-key-of-the-tests-0123456789abcdef";

  public static final String SECOND = "second-key-of-the-tests-0123456789abcdef";

  /** By path, or by method and path with a space between. */
  public static final Map<String, Answer> ANSWERS = new ConcurrentHashMap<>();

  public static final Map<String, String> LAST_BODY = new ConcurrentHashMap<>();
  public static final Map<String, String> LAST_QUERY = new ConcurrentHashMap<>();

  private static final Path KEYS = Path.of("target", "keys-of-the-tests.json").toAbsolutePath();

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
    keys(FIRST);
    server.createContext("/", FakeServices::answer);
    server.start();
    ANSWERS.put("/internal/catalog", new Answer(200, CATALOG));
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "quarkus.rest-client.provisioner.url", url,
        "quarkus.rest-client.deployer.url", url,
        "quarkus.rest-client.health.url", url,
        "toolbox.keys.file", KEYS.toString(),
        "toolbox.keys.read-every", "1S");
  }

  /** Writes the key ring: the first is in use, all are accepted. */
  public static void keys(String... secrets) {
    var keys =
        Stream.of(secrets)
            .map(
                s ->
                    "{\"id\": \"%s\", \"secret\": \"%s\", \"notBefore\": \"2026-01-0%dT00:00:00Z\"}"
                        .formatted(s.substring(0, s.indexOf('-')), s, s.equals(FIRST) ? 1 : 2))
            .collect(Collectors.joining(","));
    try {
      var made = Files.createTempFile("keys", ".json");
      Files.writeString(
          made, "{\"agent-token\": [%s], \"backend-to-dtma\": [%s]}".formatted(keys, keys));
      Files.move(made, KEYS, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    LAST_BODY.put(
        path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    LAST_QUERY.put(path, String.valueOf(exchange.getRequestURI().getQuery()));
    var isOurs =
        "Bearer internal-test-key".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    var ofMethod = ANSWERS.get(exchange.getRequestMethod() + " " + path);
    var answer =
        !isOurs
            ? new Answer(401, "{}")
            : ofMethod != null
                ? ofMethod
                : ANSWERS.getOrDefault(path, new Answer(404, "{\"status\": 404}"));
    var bytes = answer.json().getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            answer.status() < 400 ? "application/json" : "application/problem+json");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
