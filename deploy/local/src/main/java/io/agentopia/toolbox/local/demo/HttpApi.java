package io.agentopia.toolbox.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * JSON over HTTP with a bearer key, patient with a server that is being restarted: no connection,
 * 502, 503 and 504 are tried again until the deadline. A request that changes something therefore
 * needs an idempotency key.
 */
public final class HttpApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Integer> PASSING = Set.of(502, 503, 504);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final String base;
  private final String key;

  public HttpApi(String base, String key) {
    this.base = base;
    this.key = key;
  }

  /** The body is a missing node when there was none, or no JSON. */
  public record Answer(int status, JsonNode body, String location) {
    public boolean ok() {
      return status / 100 == 2;
    }
  }

  public Answer get(String path, Instant deadline) throws InterruptedException {
    return send(request(path).GET(), deadline);
  }

  public Answer delete(String path, Instant deadline) throws InterruptedException {
    return send(request(path).DELETE(), deadline);
  }

  public Answer post(String path, Map<String, ?> body, String idempotencyKey, Instant deadline)
      throws InterruptedException {
    try {
      var request =
          request(path)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", idempotencyKey)
              .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
      return send(request, deadline);
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON: " + body, e);
    }
  }

  static String pretty(JsonNode json) {
    return json.toPrettyString();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(15))
        .header("Authorization", "Bearer " + key)
        .header("Accept", "application/json");
  }

  private Answer send(HttpRequest.Builder builder, Instant deadline) throws InterruptedException {
    var request = builder.build();
    while (true) {
      String found;
      try {
        var response = http.send(request, BodyHandlers.ofString());
        if (!PASSING.contains(response.statusCode())) {
          return answer(response);
        }
        found = "status " + response.statusCode();
      } catch (IOException e) {
        found = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      }
      if (Instant.now().plus(PAUSE).isAfter(deadline)) {
        throw new IllegalStateException(
            "%s %s got no answer in time; last: %s"
                .formatted(request.method(), request.uri(), found));
      }
      Thread.sleep(PAUSE);
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    var location = response.headers().firstValue("location").orElse(null);
    try {
      var body = JSON.readTree(response.body());
      return new Answer(response.statusCode(), body, location);
    } catch (IOException e) {
      return new Answer(response.statusCode(), MissingNode.getInstance(), location);
    }
  }
}
