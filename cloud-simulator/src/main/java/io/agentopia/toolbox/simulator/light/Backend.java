package io.agentopia.toolbox.simulator.light;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** The control plane, as a light agent calls it. */
final class Backend {
  /**
   * @param status 0 when there was no answer
   */
  record Answer(int status, JsonNode body) {
    boolean isOk() {
      return status / 100 == 2;
    }
  }

  private static final Answer NONE = new Answer(0, MissingNode.getInstance());
  private final HttpClient http;
  private final String url;

  Backend(HttpClient http, String url) {
    this.http = http;
    this.url = url.replaceFirst("/+$", "") + "/agent/v1/";
  }

  Answer post(String path, String token, Object body) throws InterruptedException {
    return call(path, token, "POST", BodyPublishers.ofString(text(body)));
  }

  Answer get(String path, String token) throws InterruptedException {
    return call(path, token, "GET", BodyPublishers.noBody());
  }

  private Answer call(String path, String token, String method, BodyPublisher body)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(LightAgents.PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return new Answer(answer.statusCode(), read(answer.body()));
    } catch (IOException e) {
      return NONE;
    }
  }

  private static JsonNode read(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static String text(Object body) {
    try {
      return Json.MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON form for " + body.getClass(), e);
    }
  }
}
