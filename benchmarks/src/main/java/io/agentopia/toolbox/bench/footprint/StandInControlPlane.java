package io.agentopia.toolbox.bench.footprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * What one agent needs of a control plane (docs/agent-protocol.md), so that it can be tried and
 * measured without the platform around it.
 */
public final class StandInControlPlane implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration VALID = Duration.ofHours(1);
  private static final String SLEEPER = "debian:bookworm-slim";

  /** What is said of the tools; a new generation makes the agent fetch it. */
  private record Wanted(long generation, int tools) {}

  private final UUID toolboxId = UUID.randomUUID();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Wanted wanted = new Wanted(1, 0);
  private volatile JsonNode report;
  private volatile boolean deleted;

  public StandInControlPlane() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/agent/v1/", this::answer);
    server.setExecutor(workers);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From the next heartbeat on, the agent shall run so many containers that sleep. */
  public void wantTools(int tools) {
    wanted = new Wanted(wanted.generation() + 1, tools);
  }

  /** The agent removes its tools and ends. */
  public void deleteToolbox() {
    deleted = true;
  }

  /** Tools that the agent last reported as running. */
  public int toolsRunning() {
    var last = report;
    if (last == null) {
      return 0;
    }
    return (int)
        last.path("tools")
            .valueStream()
            .filter(t -> t.path("status").asText().equals("running"))
            .count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      if (deleted) {
        send(exchange, 410, Map.of("detail", "the toolbox was deleted"));
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/agent/v1/join" -> send(exchange, 200, identity());
        case "/agent/v1/heartbeat" -> send(exchange, 200, heartbeat());
        case "/agent/v1/manifest" -> send(exchange, 200, manifest(wanted));
        case "/agent/v1/report" -> {
          report = JSON.readTree(body);
          send(exchange, 202, Map.of());
        }
        default -> send(exchange, 202, Map.of());
      }
    }
  }

  private Map<String, Object> identity() {
    return Map.of(
        "toolboxId",
        toolboxId,
        "accountId",
        "acct-footprint",
        "generation",
        1,
        "agentToken",
        "stand-in",
        "agentTokenExpiresAt",
        Instant.now().plus(VALID).toString(),
        "inboundKey",
        Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]),
        "heartbeatSeconds",
        1);
  }

  private Map<String, Object> heartbeat() {
    return Map.of(
        "manifestGeneration", wanted.generation(), "heartbeatSeconds", 1, "commands", List.of());
  }

  private Map<String, Object> manifest(Wanted now) {
    var tools = IntStream.range(0, now.tools()).mapToObj(this::sleeper).toList();
    return Map.of("toolboxId", toolboxId, "generation", now.generation(), "tools", tools);
  }

  private Map<String, Object> sleeper(int number) {
    var name = "sleeper-" + number;
    return Map.of(
        "toolInstanceId",
        UUID.nameUUIDFromBytes((toolboxId + name).getBytes()),
        "name",
        name,
        "image",
        SLEEPER,
        "command",
        List.of("sleep", "infinity"),
        "memoryMb",
        16,
        "cpus",
        0.1,
        "desired",
        "running",
        "revision",
        1,
        "restarts",
        0);
  }

  private static void send(HttpExchange exchange, int status, Map<String, Object> body)
      throws IOException {
    var bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.close();
  }
}
