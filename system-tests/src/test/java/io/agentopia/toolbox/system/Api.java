package io.agentopia.toolbox.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** JSON over HTTP with a bearer key: what any client of ours has. */
public final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One for all: a client that nobody holds any more may be collected in the middle of a request,
   * which is then never answered.
   */
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String base;
  private final String key;
  private final Map<String, String> headers;
  private final Duration patience;

  public Api(String base, String key) {
    this(base, key, Map.of(), Duration.ofSeconds(20));
  }

  private Api(String base, String key, Map<String, String> headers, Duration patience) {
    this.base = base;
    this.key = key;
    this.headers = headers;
    this.patience = patience;
  }

  public Api with(String header, String value) {
    return new Api(base, key, Map.of(header, value), patience);
  }

  public Api patient(Duration longest) {
    return new Api(base, key, headers, longest);
  }

  /** An answer: status, body as JSON (null when there is none), and the Location header. */
  public record Answer(int status, JsonNode body, String location) {
    public String text(String pointer) {
      var node = body == null ? null : body.at(pointer);
      return node == null || node.isMissingNode() || node.isNull() ? null : node.asText();
    }
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer post(String path, String json) {
    return send("POST", path, json);
  }

  public Answer put(String path, String json) {
    return send("PUT", path, json);
  }

  public Answer delete(String path) {
    return send("DELETE", path, null);
  }

  private Answer send(String method, String path, String json) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(patience)
            .header("Authorization", "Bearer " + key)
            .header("Accept", "application/json")
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    headers.forEach(request::header);
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      return answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + base + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer answer(HttpResponse<String> response) throws IOException {
    var body = response.body();
    var isJson = response.headers().firstValue("content-type").orElse("").contains("json");
    return new Answer(
        response.statusCode(),
        isJson && !body.isBlank() ? JSON.readTree(body) : null,
        response.headers().firstValue("location").orElse(null));
  }
}
