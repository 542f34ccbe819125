package io.agentopia.toolbox.gateway.http;

import static io.restassured.RestAssured.given;
import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentopia.toolbox.gateway.FakeServices;
import io.agentopia.toolbox.gateway.FakeServices.Answer;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls made from /openapi, good ones and ones with something wrong in them: no answer is a 5xx,
 * none is undocumented, every refusal is a problem. The seed is printed; {@code -Dfuzz.seed=} plays
 * one again, {@code -Dfuzz.calls=} says how many for each operation.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class FuzzFromTheDescriptionTest {
  private static final String ROLLOUTS = "/internal/agent-rollouts";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Half a surrogate pair can only be sent escaped. */
  private static final ObjectMapper ESCAPED =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final List<String> KEYS =
      List.of(
          "tbx_key_of_account_one",
          "tbx_key_of_account_one",
          "tbx_key_of_operations",
          "tbx_key_of_operations",
          "tbx_key_of_account_two",
          "no key at all");

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> faults = new ArrayList<>();

  @TestHTTPResource URI server;
  private JsonNode api;
  private Generated generated;
  private String toolbox;
  private String tool;

  /** One operation of the description. */
  private record Operation(String method, String path, JsonNode told) {
    JsonNode body() {
      return told.path("requestBody").path("content").path("application/json").path("schema");
    }
  }

  @BeforeEach
  void read() throws IOException {
    api =
        JSON.readTree(
            given().get("/openapi?format=json").then().statusCode(200).extract().asString());
    generated = new Generated(api, random);
    FakeServices.ANSWERS.put("GET " + ROLLOUTS, new Answer(200, "{\"items\": []}"));
    FakeServices.ANSWERS.put("POST " + ROLLOUTS, new Answer(201, "{\"id\": \"x\"}"));
    var name = "fuzz-" + UUID.randomUUID().toString().substring(0, 8);
    toolbox = made("/v1/toolboxes", Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb"));
    tool = made("/v1/toolboxes/" + toolbox + "/tools", Map.of("name", "t", "image", "nginx:1"));
  }

  @AfterEach
  void forget() {
    FakeServices.ANSWERS.remove("GET " + ROLLOUTS);
    FakeServices.ANSWERS.remove("POST " + ROLLOUTS);
    FakeServices.LAST_BODY.keySet().removeIf(p -> p.startsWith(ROLLOUTS));
  }

  @Test
  void noCallIsAnsweredWithWhatIsNotInTheDescription() throws Exception {
    System.out.println("fuzz: seed=" + seed);
    var calls = Integer.getInteger("fuzz.calls", 30);
    var seen = new HashSet<Integer>();
    for (var operation : operations()) {
      for (int i = 0; i < calls; i++) {
        seen.add(call(operation));
      }
    }
    assertThat(faults).as("seed=%d", seed).isEmpty();
    assertThat(seen).contains(200, 202, 400, 401, 403, 404, 406, 415);
    assertThat(
            given()
                .header("Authorization", "Bearer tbx_key_of_account_one")
                .get("/v1/toolboxes/" + toolbox)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void theDescriptionIsWhole() {
    var ids = new HashSet<String>();
    assertThat(operations())
        .hasSizeGreaterThan(25)
        .allSatisfy(
            o -> {
              assertThat(o.path()).startsWith("/v1/");
              assertThat(ids.add(o.told().path("operationId").asText())).as(o.path()).isTrue();
              assertThat(o.told().path("security").toString()).contains("apiKey");
              assertThat(o.told().path("responses").properties())
                  .as("%s %s", o.method(), o.path())
                  .anyMatch(r -> r.getKey().startsWith("2"))
                  .allMatch(r -> !r.getValue().path("content").isEmpty());
              var statuses = o.told().path("responses");
              assertThat(statuses.has("401") && statuses.has("400")).isTrue();
              assertThat(
                      o.method().equals("POST")
                          && !o.body().isMissingNode()
                          && !statuses.has("415"))
                  .as(o.path())
                  .isFalse();
            });
    assertThat(api.at("/components/schemas/ToolboxWish/required").toString())
        .contains("name", "region", "size");
    assertThat(api.at("/components/schemas/ToolRequest/required").toString())
        .contains("name", "image");
    assertThat(api.at("/components/schemas/ToolRequest/additionalProperties").asBoolean(true))
        .isFalse();
  }

  private List<Operation> operations() {
    var all = new ArrayList<Operation>();
    api.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        o ->
                            all.add(
                                new Operation(
                                    o.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    o.getValue()))));
    return all;
  }

  private int call(Operation operation) throws IOException, InterruptedException {
    var address = address(operation);
    var body = body(operation);
    var request =
        HttpRequest.newBuilder(URI.create(server.toString().replaceAll("/$", "") + address))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + KEYS.get(random.nextInt(KEYS.size())))
            .header("Accept", random.nextInt(20) == 0 ? "text/csv" : "*/*")
            .method(operation.method(), body.map(b -> ofString(b)).orElse(noBody()));
    body.ifPresent(b -> request.header("Content-Type", contentType()));
    if (operation.told().path("parameters").toString().contains("Idempotency-Key")
        && random.nextInt(4) == 0) {
      request.header("Idempotency-Key", "x".repeat(random.nextInt(140)));
    }
    var response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (var stream = response.body()) {
      if (response.statusCode() >= 400) {
        judge(
            operation,
            address,
            body.orElse(""),
            response,
            new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      } else if (!operation.told().path("responses").has("" + response.statusCode())) {
        fault(operation, address, body.orElse(""), response, "");
      }
    }
    return response.statusCode();
  }

  private void judge(
      Operation operation, String address, String body, HttpResponse<?> response, String answer)
      throws IOException {
    var type = response.headers().firstValue("Content-Type").orElse("");
    var isDocumented = operation.told().path("responses").has("" + response.statusCode());
    var isWhole =
        type.startsWith(Problem.MEDIA_TYPE)
            && JSON.readTree(answer).path("status").asInt() == response.statusCode();
    if (response.statusCode() >= 500 || !isDocumented || !isWhole) {
      fault(operation, address, body, response, answer);
    }
  }

  private void fault(
      Operation operation, String address, String body, HttpResponse<?> response, String answer) {
    faults.add(
        "%s %s %s -> %d %s %s"
            .formatted(
                operation.method(),
                address,
                body.length() > 300 ? body.substring(0, 300) : body,
                response.statusCode(),
                response.headers().firstValue("Content-Type"),
                answer));
  }

  private String address(Operation operation) {
    var path = operation.path();
    var query = new StringBuilder();
    for (var parameter : operation.told().path("parameters")) {
      var name = parameter.path("name").asText();
      switch (parameter.path("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", encoded(id(name)));
        case "query" -> {
          if (random.nextBoolean()) {
            query.append('&').append(name).append('=').append(encoded(queryValue(parameter)));
          }
        }
        default -> {}
      }
    }
    if (random.nextInt(15) == 0) {
      query.append("&unknown=1");
    }
    return query.isEmpty() ? path : path + "?" + query.substring(1);
  }

  private String id(String name) {
    return switch (random.nextInt(4)) {
      case 0 -> UUID.randomUUID().toString();
      case 1 -> {
        var text = generated.text();
        yield text.isBlank() || text.length() > 300 || text.startsWith(".") ? "x" : text;
      }
      default ->
          switch (name) {
            case "toolId" -> tool;
            case "topic" -> "tool.requests";
            default -> toolbox;
          };
    };
  }

  private String queryValue(JsonNode parameter) {
    if (random.nextInt(3) == 0) {
      var text = generated.text();
      return text.length() > 300 ? "long" : text;
    }
    return generated.value(parameter.path("schema"), 0).asText();
  }

  private Optional<String> body(Operation operation) throws IOException {
    if (operation.body().isMissingNode()) {
      return random.nextInt(10) == 0 ? Optional.of("{\"unexpected\": true}") : Optional.empty();
    }
    return switch (random.nextInt(12)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("{\"name\": ");
      case 2 -> Optional.of("[".repeat(200));
      default ->
          Optional.of(
              ESCAPED.writeValueAsString(
                  generated.value(operation.body(), random.nextBoolean() ? 0 : 0.2)));
    };
  }

  private String contentType() {
    return random.nextInt(15) == 0 ? "text/plain" : "application/json";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String made(String path, Map<String, String> wish) {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .contentType("application/json")
        .body(wish)
        .post(path)
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }
}
