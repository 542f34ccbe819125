package io.agentopia.toolbox.agent.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentopia.toolbox.agent.identity.InboundKey;
import io.agentopia.toolbox.agent.json.Json;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.Samples;
import io.agentopia.toolbox.agent.tools.WantedTool;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The agents' edge of the API gateway, as docs/agent-protocol.md has it, over real HTTP. */
public final class FakeGateway implements AutoCloseable {
  public static final String JOIN_TOKEN = "join-token-1";
  public static final String INBOUND_KEY = "inbound-key-1";

  /** One call as it came in. */
  public record Call(String path, String token, JsonNode body) {}

  private final HttpServer server;
  private final List<Call> calls = new ArrayList<>();
  private final List<JsonNode> taken = new ArrayList<>();
  private final Map<String, Integer> failNext = new LinkedHashMap<>();
  private final Map<String, Integer> loseAnswers = new LinkedHashMap<>();
  private Manifest manifest = Manifest.empty(Samples.TOOLBOX, 0);
  private long announced = -1;
  private String usedNonce;
  private String agentToken = "agent-token-1";
  private String renewTo;
  private Wire.Command command;
  private boolean deleted;
  private String expired;
  private List<InboundKey> inboundKeys = List.of();
  private WantedImage agentImage;
  private List<String> addresses = List.of();

  public FakeGateway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/agent/v1/", this::handle);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public synchronized FakeGateway wants(long generation, WantedTool... tools) {
    manifest = new Manifest(Samples.TOOLBOX, generation, List.of(tools));
    announced = generation;
    return this;
  }

  /** As {@link #wants}, but no heartbeat's answer tells of it. */
  public synchronized void wantsSilently(long generation, WantedTool... tools) {
    wants(generation, tools).announces(0);
  }

  /** Heartbeats name another generation than the manifest has. */
  public synchronized void announces(long generation) {
    announced = generation;
  }

  /** The next {@code times} calls of {@code path} are answered with 503. */
  public synchronized FakeGateway failing(String path, int times) {
    failNext.put(path, times);
    return this;
  }

  /** The next {@code times} calls of {@code path} are carried out, but the connection breaks. */
  public synchronized FakeGateway losingAnswers(String path, int times) {
    loseAnswers.put(path, times);
    return this;
  }

  public synchronized void renewTokenTo(String token) {
    renewTo = token;
  }

  /** The token is refused from now on, and renewed for who proves to hold the inbound key. */
  public synchronized void expireToken(String renewTo) {
    expired = agentToken;
    agentToken = renewTo;
  }

  /** The control plane has other keys to call in with. */
  public synchronized void rotateInboundKeys(InboundKey... keys) {
    inboundKeys = List.of(keys);
  }

  /** Named in each answer as long as the agent says that it runs from another image. */
  public synchronized void wantsAgentImage(String... references) {
    agentImage = new WantedImage("v0.2.0", List.of(references));
  }

  public synchronized void wantsNoAgentImage() {
    agentImage = null;
  }

  /** Where agents shall call, told with each heartbeat's answer. */
  public synchronized void tellsAddresses(URI... told) {
    addresses = Stream.of(told).map(URI::toString).toList();
  }

  public synchronized void revokeToken() {
    agentToken = "revoked-" + agentToken;
  }

  public synchronized void unrevokeToken() {
    agentToken = agentToken.replace("revoked-", "");
  }

  public synchronized void command(String id, String type) {
    command = new Wire.Command(id, type);
  }

  public synchronized void delete() {
    deleted = true;
  }

  public synchronized List<Call> calls(String path) {
    return calls.stream().filter(c -> c.path().equals(path)).toList();
  }

  public synchronized JsonNode last(String path) {
    return calls(path).getLast().body();
  }

  /** The reports that were answered with 202. */
  public synchronized List<JsonNode> reportsTaken() {
    return List.copyOf(taken);
  }

  /** The newest word about a tool, or a missing node. */
  public synchronized JsonNode reported(String tool) {
    var reports = calls("report");
    if (!reports.isEmpty()) {
      for (var entry : reports.getLast().body().path("tools")) {
        if (entry.path("name").asText().equals(tool)) {
          return entry;
        }
      }
    }
    return Json.MAPPER.missingNode();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath().substring("/agent/v1/".length());
    var body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    var token = header == null ? "" : header.replaceFirst("^Bearer ", "");
    Reply reply;
    synchronized (this) {
      calls.add(new Call(path, token, body));
      reply = take(failNext, path) ? new Reply(503, problem("busy")) : answer(path, token, body);
      if (take(loseAnswers, path)) {
        exchange.close();
        return;
      }
    }
    var bytes = Json.MAPPER.writeValueAsBytes(reply.body());
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private record Reply(int status, Object body) {}

  private static boolean take(Map<String, Integer> left, String path) {
    var before = left.getOrDefault(path, 0);
    left.put(path, Math.max(0, before - 1));
    return before > 0;
  }

  private Reply answer(String path, String token, JsonNode body) {
    if (deleted) {
      return new Reply(410, problem("toolbox deleted"));
    }
    if ("join".equals(path)) {
      return join(token, body.path("nonce").asText());
    }
    if ("token".equals(path) && token.equals(expired)) {
      return renew(token, body.path("proof").asText());
    }
    if (!token.equals(agentToken)) {
      return new Reply(401, problem("token revoked"));
    }
    return switch (path) {
      case "heartbeat" -> new Reply(200, heartbeat(body));
      case "manifest" -> new Reply(200, manifest);
      case "report" -> {
        taken.add(body);
        yield new Reply(202, Map.of());
      }
      default -> new Reply(404, problem("no such call"));
    };
  }

  private Reply join(String token, String nonce) {
    if (!JOIN_TOKEN.equals(token)) {
      return new Reply(401, problem("join token unknown"));
    }
    if (usedNonce != null && !usedNonce.equals(nonce)) {
      return new Reply(409, problem("used with another nonce"));
    }
    usedNonce = nonce;
    var reply = new LinkedHashMap<String, Object>();
    reply.put("toolboxId", Samples.TOOLBOX);
    reply.put("accountId", "acct-demo");
    reply.put("generation", 1);
    reply.put("agentToken", agentToken);
    reply.put("agentTokenExpiresAt", "2026-11-24T15:00:00Z");
    reply.put("inboundKey", INBOUND_KEY);
    reply.put("heartbeatSeconds", 1);
    reply.put("memberOfTomorrow", true);
    return new Reply(200, reply);
  }

  private Reply renew(String token, String proof) {
    if (!proof.equals(hmac(INBOUND_KEY, token))) {
      return new Reply(401, problem("not proven"));
    }
    return new Reply(
        200, Map.of("agentToken", agentToken, "agentTokenExpiresAt", "2026-11-25T15:00:00Z"));
  }

  private static String hmac(String key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> heartbeat(JsonNode said) {
    var reply = new LinkedHashMap<String, Object>();
    reply.put("manifestGeneration", announced < 0 ? manifest.generation() : announced);
    reply.put("heartbeatSeconds", 1);
    reply.put("commands", command == null ? List.of() : List.of(command));
    if (agentImage != null && !agentImage.references().contains(said.path("agentImage").asText())) {
      reply.put("agentImage", agentImage);
    }
    if (!addresses.isEmpty()) {
      reply.put("backendUrls", addresses);
    }
    if (!inboundKeys.isEmpty()) {
      reply.put("inboundKeys", inboundKeys);
    }
    if (renewTo != null) {
      agentToken = renewTo;
      renewTo = null;
      reply.put("agentToken", agentToken);
      reply.put("agentTokenExpiresAt", "2026-11-25T15:00:00Z");
    }
    return reply;
  }

  private static Map<String, String> problem(String detail) {
    return Map.of("title", "No", "detail", detail, "action", "Look at the fake gateway.");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
