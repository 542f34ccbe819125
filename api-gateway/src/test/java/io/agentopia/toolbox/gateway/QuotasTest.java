package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.agentopia.toolbox.gateway.account.ApiKeys;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one account may have and its keys may do, whoever else asks at the same moment. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class QuotasTest {
  private static final String OPERATOR = "tbx_key_of_operations";
  private static final String NEIGHBOUR = "tbx_key_of_account_two";
  private static final Duration SOON = Duration.ofSeconds(15);

  @Inject DataSource database;

  private String account;
  private String key;

  @BeforeEach
  void anAccountOfItsOwn() throws SQLException {
    account = "acct-quota-" + UUID.randomUUID();
    key = "tbx_of_this_test_" + UUID.randomUUID();
    try (var connection = database.getConnection();
        var insert =
            connection.prepareStatement(
                "insert into api_keys (hash, account_id, role, label, created_at)"
                    + " values (?, ?, 'user', 'test', now())")) {
      insert.setString(1, ApiKeys.hash(key));
      insert.setString(2, account);
      insert.executeUpdate();
    }
  }

  /** Before the key is used for the first time, so that nobody remembers what it was allowed. */
  private void allow(Map<String, Integer> quotas) {
    put(quotas).then().statusCode(200);
  }

  private Response put(Map<String, ?> quotas) {
    return given()
        .header("Authorization", "Bearer " + OPERATOR)
        .contentType("application/json")
        .body(quotas)
        .put("/v1/accounts/" + account + "/quotas");
  }

  private Response ask(String name) {
    return given()
        .header("Authorization", "Bearer " + key)
        .contentType("application/json")
        .body(Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb"))
        .post("/v1/toolboxes");
  }

  private static Response list(String apiKey) {
    return given().header("Authorization", "Bearer " + apiKey).get("/v1/toolboxes");
  }

  @Test
  void toolboxesAreCountedExactlyHoweverManyAskAtOnce() throws Exception {
    allow(Map.of("toolboxes", 3));
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          IntStream.range(0, 12)
              .mapToObj(i -> threads.submit(() -> ask("many-" + i).statusCode()))
              .toList();
      for (var answer : answers) {
        statuses.add(answer.get());
      }
    }
    assertThat(statuses).filteredOn(s -> s == 202).hasSize(3);
    assertThat(statuses).filteredOn(s -> s == 409).hasSize(9);
    ask("one-more")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", endsWith(":too_many_toolboxes"))
        .body("detail", containsString("has 3 toolboxes; at most 3"));
  }

  @Test
  void aRequestThatWasRefusedIsNotRememberedAndARepeatedOneCountsOnce() {
    allow(Map.of("toolboxes", 1));
    var first = keyed("first", "key-1");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(keyed("first", "key-1").path("id").toString())
        .isEqualTo(first.path("id").toString());
    assertThat(keyed("second", "key-2").statusCode()).isEqualTo(409);
    allow(Map.of("toolboxes", 2));
    assertThat(keyed("second", "key-2").statusCode()).isEqualTo(202);
  }

  private Response keyed(String name, String idempotencyKey) {
    return given()
        .header("Authorization", "Bearer " + key)
        .header("Idempotency-Key", idempotencyKey)
        .contentType("application/json")
        .body(Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb"))
        .post("/v1/toolboxes");
  }

  @Test
  void requestsBeyondWhatTheKeyIsAllowedAreTurnedAwayAndNobodyElses() {
    allow(Map.of("requestsPerMinute", 5));
    for (int i = 0; i < 5; i++) {
      assertThat(list(key).statusCode()).isEqualTo(200);
    }
    var refused = list(key);
    refused
        .then()
        .statusCode(429)
        .contentType("application/problem+json")
        .body("type", endsWith(":too_many_requests"));
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 12);
    assertThat(list(NEIGHBOUR).statusCode()).isEqualTo(200);
  }

  @Test
  void streamsAreCountedUntilTheyEndAndNobodyElses() throws Exception {
    allow(Map.of("streams", 2));
    try (var client = HttpClient.newHttpClient()) {
      var first = stream(client, key);
      var second = stream(client, key);
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(second.statusCode()).isEqualTo(200);
      try (var third = stream(client, key).body()) {
        assertThat(new String(third.readAllBytes())).contains("too_many_streams");
      }
      var neighbours = stream(client, NEIGHBOUR);
      assertThat(neighbours.statusCode()).isEqualTo(200);
      neighbours.body().close();
      first.body().close();
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                var again = stream(client, key);
                again.body().close();
                assertThat(again.statusCode()).isEqualTo(200);
              });
      second.body().close();
    }
  }

  private static HttpResponse<InputStream> stream(HttpClient client, String apiKey)
      throws IOException, InterruptedException {
    var uri = URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/events");
    return client.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + apiKey)
            .build(),
        BodyHandlers.ofInputStream());
  }

  @Test
  void anAccountSeesItsOwnQuotasAndOperatorsAll() {
    allow(Map.of("toolboxes", 4));
    ask("seen").then().statusCode(202);
    quotas(key)
        .then()
        .statusCode(200)
        .body("accountId", equalTo(account))
        .body("toolboxes", equalTo(4))
        .body("toolboxesThere", equalTo(1))
        .body("streams", equalTo(1000));
    quotas(OPERATOR).then().statusCode(200).body("toolboxes", equalTo(4));
    quotas(NEIGHBOUR).then().statusCode(404);
    given()
        .header("Authorization", "Bearer " + key)
        .contentType("application/json")
        .body(Map.of("toolboxes", 1000))
        .put("/v1/accounts/" + account + "/quotas")
        .then()
        .statusCode(403);
    allow(Map.of());
    quotas(key).then().body("toolboxes", equalTo(100_000));
  }

  private Response quotas(String apiKey) {
    return given()
        .header("Authorization", "Bearer " + apiKey)
        .get("/v1/accounts/" + account + "/quotas");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"toolboxes\": -1}",
        "{\"toolboxes\": 100001}",
        "{\"requestsPerMinute\": 0}",
        "{\"streams\": 1001}",
        "{\"streams\": 1.5}",
        "{\"toolboxes\": \"many\"}",
        "{\"cpus\": 4}"
      })
  void whatIsNoQuotaIsRefusedByItsName(String body) {
    var field = body.substring(2, body.indexOf('"', 2));
    given()
        .header("Authorization", "Bearer " + OPERATOR)
        .contentType("application/json")
        .body(body)
        .put("/v1/accounts/" + account + "/quotas")
        .then()
        .statusCode(400)
        .body("errors.field", hasItem(field));
  }
}
