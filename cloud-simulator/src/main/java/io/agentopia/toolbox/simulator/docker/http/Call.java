package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.store.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;

/**
 * One request to an engine and the ways to answer it. ContainerLifecycles on a thread that may
 * block.
 */
final class Call {
  private final HttpServerRequest request;
  private final Matcher path;
  private final Buffer body;

  Call(HttpServerRequest request, Matcher path, Buffer body) {
    this.request = request;
    this.path = path;
    this.body = body;
  }

  /** A part of the path, decoded. */
  String part(int group) {
    return Decoding.of(path.group(group));
  }

  String query(String name) {
    var value = request.getParam(name);
    return value == null ? "" : value;
  }

  boolean flag(String name) {
    var value = query(name);
    return value.equals("1") || value.equalsIgnoreCase("true");
  }

  /** Like {@link #flag}, but true when it is not named. */
  boolean flagOrTrue(String name) {
    return query(name).isEmpty() || flag(name);
  }

  int number(String name, int otherwise) {
    var value = query(name);
    return value.matches("-?\\d{1,9}") ? Integer.parseInt(value) : otherwise;
  }

  /** Seconds; negative means no patience end, which nobody waits for. */
  Duration seconds(String name, int otherwise) {
    var seconds = number(name, otherwise);
    return seconds < 0 ? Duration.ofDays(1) : Duration.ofSeconds(seconds);
  }

  ObjectNode json() {
    try {
      var node = body.length() == 0 ? null : Json.MAPPER.readTree(body.getBytes());
      if (node == null || node.isNull()) {
        return JsonNodeFactory.instance.objectNode();
      }
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new EngineRefusal(400, "invalid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EngineRefusal(400, "the body cannot be read");
    }
    throw new EngineRefusal(400, "invalid JSON: an object is needed");
  }

  HttpServerResponse response() {
    return request.response();
  }

  void answer(int status, JsonNode node) {
    response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(bytes(node)));
  }

  void empty(int status) {
    response().setStatusCode(status).end();
  }

  /** Begins a stream; the status is then said. */
  void stream(String contentType) {
    response().setStatusCode(200).setChunked(true).putHeader("Content-Type", contentType);
    response().write(Buffer.buffer());
  }

  void line(JsonNode node) {
    response().write(Buffer.buffer(bytes(node)).appendString("\r\n"));
  }

  void end() {
    if (!isGone()) {
      response().end();
    }
  }

  boolean isGone() {
    return response().closed() || response().ended();
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return Json.MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree always has a JSON form", e);
    }
  }
}
