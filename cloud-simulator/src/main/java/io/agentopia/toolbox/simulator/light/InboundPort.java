package io.agentopia.toolbox.simulator.light;

import io.agentopia.toolbox.simulator.store.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** A light agent's own port: health, status and wake, as docs/agent-protocol.md has them. */
final class InboundPort {
  private static final Logger LOG = Logger.getLogger(InboundPort.class);
  private static final String USUAL = "30000";

  private final HttpServer server;
  private final LightAgent agent;
  private final String host;
  private final int port;

  InboundPort(Vertx vertx, LightAgent agent, Map<String, String> environment) {
    this.agent = agent;
    this.host = environment.getOrDefault("DTMA_HOST", "127.0.0.1");
    this.port = Integer.parseInt(environment.getOrDefault("DTMA_PORT", USUAL));
    this.server = vertx.createHttpServer().requestHandler(this::answer);
  }

  int number() {
    return port;
  }

  /** The agent works without it, more slowly. */
  void open() {
    server
        .listen(port, host)
        .onFailure(
            e -> LOG.warnf("light agent's port not open: address=%s:%d cause=%s", host, port, e));
  }

  /** Returns when nobody is listened to any more. */
  void close() throws InterruptedException {
    try {
      server.close().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      LOG.debugf("light agent's port was not open: %s", e.getCause());
    }
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals("/health")) {
      var isUp = agent.state().isJoined();
      send(request, isUp ? 200 : 503, Map.of("status", isUp ? "UP" : "DOWN"));
    } else if (!agent.state().isJoined()) {
      send(request, 503, Map.of("title", "The agent has not joined"));
    } else if (!isLetIn(request.getHeader("Authorization"))) {
      send(request, 401, Map.of("title", "Another key is needed"));
    } else {
      answerKnown(request);
    }
  }

  private void answerKnown(HttpServerRequest request) {
    switch (request.method() + " " + request.path()) {
      case "GET /status" -> send(request, 200, agent.status());
      case "POST /wake" -> {
        agent.wake();
        send(request, 202, Map.of());
      }
      default -> send(request, 404, Map.of("title", "There is nothing at this address"));
    }
  }

  private boolean isLetIn(String authorization) {
    return agent.state().inboundKeys().stream()
        .anyMatch(key -> ("Bearer " + key).equals(authorization));
  }

  private static void send(HttpServerRequest request, int status, Map<String, ?> body) {
    var type = status < 400 ? "application/json" : "application/problem+json";
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", type)
        .end(Json.MAPPER.valueToTree(body).toString());
  }
}
