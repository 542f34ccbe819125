package io.agentopia.toolbox.agent.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.json.Json;
import io.agentopia.toolbox.agent.tools.Manifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

/** {@link ControlPlane} over HTTP, with the JDK's own client. */
public final class HttpControlPlane implements ControlPlane, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MAX_BODY = 2 * 1024 * 1024;
  private static final int MAX_DETAIL = 500;

  private static final String PATH = "/agent/v1/";

  private final Addresses addresses;
  private final Duration callTimeout;
  private final HttpClient http;

  public HttpControlPlane(Addresses addresses, Duration callTimeout) {
    this.addresses = addresses;
    this.callTimeout = callTimeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public Answer<Identity> join(String joinToken, Wire.JoinRequest request)
      throws InterruptedException {
    var answer = call("join", joinToken, request, Identity.class);
    // A reply that lacks the keys must not overwrite anything: the same nonce gets another one.
    return answer instanceof Answer.Ok<Identity>(var identity) && !identity.isComplete()
        ? new Answer.Unavailable<>("the reply to the join lacks an id or a key", null)
        : answer;
  }

  @Override
  public Answer<Wire.HeartbeatReply> heartbeat(String agentToken, Wire.Heartbeat heartbeat)
      throws InterruptedException {
    return call("heartbeat", agentToken, heartbeat, Wire.HeartbeatReply.class);
  }

  @Override
  public Answer<Wire.Credentials> renew(String agentToken, Wire.Renewal renewal)
      throws InterruptedException {
    var answer = call("token", agentToken, renewal, Wire.Credentials.class);
    return answer instanceof Answer.Ok<Wire.Credentials>(var credentials)
            && credentials.agentToken() == null
        ? new Answer.Unavailable<>("the reply to the renewal lacks the token", null)
        : answer;
  }

  @Override
  public Answer<Manifest> manifest(String agentToken) throws InterruptedException {
    return call("manifest", agentToken, null, Manifest.class);
  }

  @Override
  public Answer<Void> report(String agentToken, Wire.Report report) throws InterruptedException {
    return call("report", agentToken, report, Void.class);
  }

  private <T> Answer<T> call(String path, String token, Object body, Class<T> type)
      throws InterruptedException {
    var address = addresses.current();
    var called = address + PATH + path;
    try {
      var response =
          http.send(
              request(called, token, body),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
      if (response.statusCode() == 404 || response.statusCode() >= 500) {
        addresses.failed(address); // nobody of ours is there, or cannot be reached from there
      }
      return answer(called, response, type);
    } catch (IOException e) {
      addresses.failed(address);
      return new Answer.Unavailable<>("calling " + called + ": no answer (" + e + ")", null);
    }
  }

  private HttpRequest request(String called, String token, Object body)
      throws JsonProcessingException {
    var request =
        HttpRequest.newBuilder(URI.create(called))
            .timeout(callTimeout)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json, application/problem+json");
    if (body == null) {
      return request.GET().build();
    }
    return request
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)))
        .build();
  }

  private <T> Answer<T> answer(String called, HttpResponse<byte[]> response, Class<T> type) {
    var status = response.statusCode();
    if (status >= 200 && status < 300) {
      return read(called, response.body(), type);
    }
    var detail = "calling " + called + ": " + status + explanation(response.body());
    return switch (status) {
      case 401, 403 -> new Answer.Unauthorized<>(detail);
      case 410 -> new Answer.Gone<>(detail);
      case 408, 425, 429 -> new Answer.Unavailable<>(detail, retryAfter(response));
      default ->
          status >= 400 && status < 500
              ? new Answer.Refused<>(status, detail)
              : new Answer.Unavailable<>(detail, retryAfter(response));
    };
  }

  private <T> Answer<T> read(String called, byte[] body, Class<T> type) {
    if (type == Void.class) {
      return new Answer.Ok<>(null);
    }
    try {
      var value = Json.MAPPER.readValue(body, type);
      return value == null ? unreadable(called) : new Answer.Ok<>(value);
    } catch (IOException e) {
      // The exception quotes the body, which may hold secrets: it is not repeated.
      return unreadable(called);
    }
  }

  private <T> Answer<T> unreadable(String called) {
    return new Answer.Unavailable<>(
        "calling " + called + ": the answer's JSON is not as agreed", null);
  }

  /** The two members of a problem that tell a person what to do. */
  private static String explanation(byte[] body) {
    try {
      var problem = Json.MAPPER.readTree(body);
      var text = (member(problem, "detail") + member(problem, "action")).strip();
      var cut = text.substring(0, Math.min(MAX_DETAIL, text.length()));
      return cut.isEmpty() ? "" : " " + cut;
    } catch (IOException e) {
      return "";
    }
  }

  private static String member(JsonNode problem, String name) {
    var text = problem == null ? "" : problem.path(name).asText("");
    return text.isBlank() ? "" : text.replaceAll("\\s+", " ") + " ";
  }

  /** Seconds only: the control plane sends no dates. */
  private static Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(v -> v.matches("\\d{1,6}"))
        .map(v -> Duration.ofSeconds(Long.parseLong(v)))
        .orElse(null);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
