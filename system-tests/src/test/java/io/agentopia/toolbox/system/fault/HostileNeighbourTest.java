package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.system.Api;
import io.agentopia.toolbox.testing.Hostile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One account sends whatever can be sent, with its key and with its agent's token, to every
 * endpoint that takes anything: each value of each body and each parameter replaced by each of what
 * no honest program would write. What another account relies on goes on as if there were nobody.
 */
@Tag("fault")
class HostileNeighbourTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGE = 10_000;

  /** One in so many of the large documents: all of them would be gigabytes. */
  private static final int OF_THE_LARGE = 9;

  private static final String KEY = "tbx_hostile_" + UUID.randomUUID();
  private static final String ACCOUNT = "hostile-" + KEY.substring(12, 20);

  private static Saga neighbour;
  private static Api user;
  private static String toolbox;
  private static String tool;
  private static long lettersBefore;

  private final List<String> faults = new ArrayList<>();
  private int sent;

  @BeforeAll
  static void twoAccounts() throws Exception {
    neighbour = Saga.begin(PLATFORM).awaitRunning();
    giveKey();
    user = new Api(PLATFORM.stack().url("api-gateway"), KEY);
    var wish = "{\"name\": \"hostile\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}";
    toolbox = user.post("/v1/toolboxes", wish).text("/id");
    awaitStatus("/v1/toolboxes/" + toolbox, "active");
    var sound = "{\"name\": \"first\", \"image\": \"debian:bookworm-slim\"}";
    tool = user.post("/v1/toolboxes/" + toolbox + "/tools", sound).text("/id");
    awaitStatus("/v1/toolboxes/" + toolbox + "/tools/" + tool, "running");
    lettersBefore = letters();
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    var listed = user.get("/v1/toolboxes?limit=200").body().path("items");
    StreamSupport.stream(listed.spliterator(), false)
        .map(t -> t.path("id").asText())
        .toList()
        .forEach(
            id -> {
              user.delete("/v1/toolboxes/" + id);
              awaitStatus("/v1/toolboxes/" + id, "deprovisioned");
            });
    neighbour.delete();
    INVARIANTS.holdAlways();
  }

  @Test
  void whatAnAgentSendsHarmsNobodyElse() throws Exception {
    var agent = new Api(PLATFORM.stack().url("api-gateway"), agentToken());
    var bodies = new LinkedHashMap<String, Map<String, ?>>();
    bodies.put("/agent/v1/heartbeat", Hostile.soundBeat());
    bodies.put("/agent/v1/report", Hostile.soundReport());
    bodies.put("/agent/v1/boot", Hostile.soundBoot());
    bodies.put("/agent/v1/join", Hostile.soundJoin());
    bodies.put("/agent/v1/token", Map.of("proof", "of nothing"));
    bodies.forEach((path, sound) -> Hostile.each(sound, json -> send(agent, "POST", path, json)));
    nothingWentWrong();
  }

  @Test
  void whatAUserSendsHarmsNobodyElse() throws Exception {
    var api = user.get("/openapi?format=json").body();
    for (var path : names(api.path("paths"))) {
      for (var method : names(api.path("paths").path(path))) {
        attack(api, path, method.toUpperCase(java.util.Locale.ROOT));
      }
    }
    assertThat(sent).isGreaterThan(500);
    nothingWentWrong();
  }

  private void attack(JsonNode api, String path, String method) {
    var operation = api.path("paths").path(path).path(method.toLowerCase(java.util.Locale.ROOT));
    var address = address(path);
    for (var parameter : operation.path("parameters")) {
      if (parameter.path("in").asText().equals("query") && method.equals("GET")) {
        for (var value : Hostile.VALUES) {
          // A longer address is refused before anybody reads it.
          var text = value.substring(0, Math.min(150, value.length()));
          var query = URLEncoder.encode(text, StandardCharsets.UTF_8);
          send(user, method, address + "?" + parameter.path("name").asText() + "=" + query, null);
        }
      }
    }
    var schema = operation.at("/requestBody/content/application~1json/schema");
    if (!schema.isMissingNode() && sound(api, schema, 0) instanceof Map<?, ?> body) {
      @SuppressWarnings("unchecked")
      var sound = (Map<String, ?>) body;
      Hostile.each(sound, json -> send(user, method, address, json));
    }
  }

  private static String address(String path) {
    return path.replace("{id}", toolbox)
        .replace("{toolboxId}", toolbox)
        .replace("{toolId}", tool)
        .replaceAll("\\{[^}]*}", tool);
  }

  private void send(Api api, String method, String path, String json) {
    if (json != null && json.length() > LARGE && ++sent % OF_THE_LARGE != 0) {
      return;
    }
    sent++;
    var isStream = path.startsWith("/v1/events") || path.contains("/events");
    if (isStream) {
      return; // never ends when it is sound
    }
    var answer =
        switch (method) {
          case "GET" -> api.get(path);
          case "PUT" -> api.put(path, json);
          case "DELETE" -> api.delete(path);
          default -> api.post(path, json);
        };
    if (answer.status() >= 500) {
      faults.add("%s %s %.300s -> %s".formatted(method, path, json, answer));
    }
  }

  private void nothingWentWrong() throws Exception {
    assertThat(faults).isEmpty();
    var now = Instant.now();
    await("the neighbour's agent to be heard")
        .atMost(Duration.ofSeconds(60))
        .until(() -> heardAt().isAfter(now));
    neighbour.awaitRunning();
    var next = Saga.begin(PLATFORM).awaitRunning();
    INVARIANTS.holdFor(List.of(neighbour, next));
    next.delete();
    for (var service : FaultPlatform.SERVICES) {
      await("the outbox of " + service + " to be empty")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  Databases.number(
                          PLATFORM.database(service),
                          "select count(*) from outbox where published_at is null")
                      == 0);
    }
    assertThat(letters()).as("dead letters").isEqualTo(lettersBefore);
  }

  private static Instant heardAt() {
    var path = "/v1/toolboxes/" + neighbour.toolbox() + "/health";
    return Instant.parse(PLATFORM.insistently(a -> a.get(path)).text("/lastHeartbeatAt"));
  }

  private static long letters() throws SQLException {
    return Databases.number(
        PLATFORM.database("api-gateway"), "select count(*) from dead_letters where state = 'new'");
  }

  /** As an operator will give keys out. */
  private static void giveKey() throws Exception {
    var hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8)));
    try (var connection = Databases.connect(PLATFORM.database("api-gateway"));
        var insert =
            connection.prepareStatement(
                "insert into api_keys (hash, account_id, role, label, created_at)"
                    + " values (?, ?, 'user', 'hostile', now())")) {
      insert.setString(1, hash);
      insert.setString(2, ACCOUNT);
      insert.executeUpdate();
    }
  }

  /** Whoever owns a droplet can read it there. */
  private static String agentToken() throws IOException {
    var droplet = user.get("/v1/toolboxes/" + toolbox).body().path("dropletId").asText();
    try (var files = Files.walk(PLATFORM.directory("simulator/droplets/" + droplet))) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .map(HostileNeighbourTest::read)
          .map(state -> state.path("token").asText(""))
          .filter(token -> !token.isEmpty())
          .findFirst()
          .orElseThrow();
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  private static void awaitStatus(String path, String status) {
    await(path + " to be " + status)
        .atMost(Saga.PATIENCE)
        .pollInterval(Duration.ofMillis(150))
        .until(() -> status.equals(user.get(path).text("/status")));
  }

  /** A document that fits a schema of the description. */
  private static Object sound(JsonNode api, JsonNode schema, int depth) {
    if (schema.has("$ref")) {
      return sound(api, api.at(schema.path("$ref").asText().substring(1)), depth + 1);
    }
    for (var list : List.of("allOf", "anyOf", "oneOf")) {
      if (schema.path(list).size() > 0) {
        return sound(api, schema.path(list).path(0), depth + 1);
      }
    }
    if (schema.has("example")) {
      return JSON.convertValue(schema.path("example"), Object.class);
    }
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").path(0).asText();
    }
    return switch (type(schema)) {
      case "object" -> {
        var members = new LinkedHashMap<String, Object>();
        for (var name : names(schema.path("properties"))) {
          members.put(name, sound(api, schema.path("properties").path(name), depth + 1));
        }
        if (members.isEmpty()) {
          members.put("a", "b");
        }
        yield members;
      }
      case "array" -> depth > 8 ? List.of() : List.of(sound(api, schema.path("items"), depth + 1));
      case "integer", "number" -> schema.path("minimum").asInt(1);
      case "boolean" -> true;
      default -> "a";
    };
  }

  private static String type(JsonNode schema) {
    var type = schema.path("type");
    return type.isArray() ? type.path(0).asText() : type.asText("string");
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    Set<Map.Entry<String, JsonNode>> properties = object.properties();
    properties.forEach(p -> names.add(p.getKey()));
    return names;
  }
}
