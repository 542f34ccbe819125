package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.api;
import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.eventually;
import static io.agentopia.toolbox.simulator.api.Client.faults;
import static io.agentopia.toolbox.simulator.api.Client.get;
import static io.agentopia.toolbox.simulator.api.Client.inside;
import static io.agentopia.toolbox.simulator.api.Client.noFaults;
import static io.agentopia.toolbox.simulator.api.Client.status;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(FastCloud.class)
class FaultsStrikeTest {

  @AfterEach
  void heal() {
    noFaults();
  }

  @Test
  void tooManyRequestsSayWhenToComeBack() {
    faults("{\"kind\":\"rate_limited\",\"count\":1,\"retryAfterSeconds\":7}");

    api()
        .get("/v2/droplets")
        .then()
        .statusCode(429)
        .header("retry-after", "7")
        .body("message", equalTo("API rate limit exceeded."));
    api().get("/v2/droplets").then().statusCode(200);
  }

  @Test
  void theServerFailsWhereItIsToldTo() {
    faults(
        "[{\"kind\":\"server_error\",\"status\":503,\"match\":{\"method\":\"POST\",\"path\":\"/v2/droplets\"}}]");

    api().body(droplet(unique("failed")).toString()).post("/v2/droplets").then().statusCode(503);
    api().get("/v2/droplets").then().statusCode(200);
    given()
        .get("/control/faults")
        .then()
        .body("faults", hasSize(1))
        .body("faults[0].kind", equalTo("server_error"));
  }

  @Test
  void theRightTokenIsRefused() {
    faults("{\"kind\":\"unauthorized\",\"count\":1}");

    api().get("/v2/regions").then().statusCode(401);
    api().get("/v2/regions").then().statusCode(200);
  }

  @Test
  void anAnswerIsLate() {
    faults("{\"kind\":\"slow\",\"count\":1,\"delayMs\":400}");
    var before = Instant.now();

    api().get("/v2/regions").then().statusCode(200);

    assertThat(Duration.between(before, Instant.now()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
  }

  @Test
  void aDropletIsMadeAlthoughTheAnswerNeverComes() {
    var name = unique("unsure");
    faults(
        "{\"kind\":\"timeout_after_create\",\"count\":1,\"delayMs\":100,\"match\":{\"name\":\""
            + name
            + "\"}}");

    assertThatThrownBy(() -> api().body(droplet(name).toString()).post("/v2/droplets"))
        .isInstanceOf(IOException.class);

    api().get("/v2/droplets?name=" + name).then().body("meta.total", equalTo(1));
    given().get("/control/ledger").then().body("requests.byStatus.'0'", greaterThanOrEqualTo(1));
  }

  @Test
  void aNewDropletIsMissingFromTheListsForAWhile() {
    var tag = unique("stale");
    faults(
        "{\"kind\":\"stale_list\",\"count\":1,\"delayMs\":600,\"match\":{\"tag\":\""
            + tag
            + "\"}}");

    var id = created(droplet(unique("stale"), tag));

    get(id).statusCode(200);
    api().get("/v2/droplets?tag_name=" + tag).then().body("droplets", empty());
    eventually(
        () ->
            api()
                    .get("/v2/droplets?tag_name=" + tag)
                    .then()
                    .extract()
                    .jsonPath()
                    .getInt("meta.total")
                == 1);
  }

  @Test
  void aDropletNeverBoots() {
    faults("{\"kind\":\"never_boots\",\"count\":1}");

    var id = created(droplet(unique("silent")));

    eventually(() -> !get(id).extract().jsonPath().getList("droplet.networks.v4").isEmpty());
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> inside(id).extract().jsonPath().get("machine") == null);
    assertThat(status(id)).isEqualTo("active");
  }

  @Test
  void aDropletNeverGetsAnAddress() {
    faults("{\"kind\":\"no_address\",\"count\":1}");

    var id = created(droplet(unique("addressless")));

    eventually(() -> status(id).equals("active"));
    await()
        .during(Duration.ofMillis(600))
        .atMost(Duration.ofSeconds(5))
        .until(() -> get(id).extract().jsonPath().getList("droplet.networks.v4").isEmpty());
  }

  @Test
  void theNextDropletDisappears() {
    faults("{\"kind\":\"disappears\",\"count\":1,\"delayMs\":200}");

    var id = created(droplet(unique("vanishing")));

    eventually(() -> get(id).extract().statusCode() == 404);
    inside(id).body("droplet.goneBecause", equalTo("disappeared"));
  }

  @Test
  void aDropletThatIsThereDisappears() {
    var id = created(droplet(unique("doomed")));

    faults("{\"kind\":\"disappears\",\"match\":{\"dropletId\":" + id + "}}");

    eventually(() -> get(id).extract().statusCode() == 404);
    given().get("/control/faults").then().body("faults", empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"kind":"bogus"}                                          | fault.kind             | has to be one of rate_limited, server_error
          {}                                                        | fault.kind             | has to be one of
          [{"kind":"slow"},{"kind":"server_error","status":404}]    | faults[1].status       | from 500 to 599
          {"kind":"slow","status":500}                              | fault.status           | means nothing for slow
          {"kind":"slow","delay":5}                                 | fault.delay            | is not known
          {"kind":"slow","count":0}                                 | fault.count            | from 1 to
          {"kind":"slow","probability":2}                           | fault.probability      | up to 1
          {"kind":"pull_fails","status":418}                        | fault.status           | 404, 429, 500
          {"kind":"slow","match":{"path":"("}}                      | fault.match.path       | regular expression
          {"kind":"slow","match":{"where":"x"}}                     | fault.match.where      | is not known
          {"kind":"disappears","match":{"dropletId":1}}             | match.dropletId        | no living droplet
          not json                                                  |                        | has to be JSON
          """)
  void aWrongFaultIsRefusedAndNothingIsChanged(String body, String field, String message) {
    given()
        .body(body)
        .post("/control/faults")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors.field", hasItems(field == null ? "" : field))
        .body("errors.message[0]", containsString(message))
        .body("action", notNullValue());
    given().get("/control/faults").then().body("faults", empty());
  }

  @Test
  void faultsAreReplacedAndRemovedOneByOne() {
    faults("[{\"kind\":\"slow\"},{\"kind\":\"unauthorized\"}]");

    var id =
        given()
            .body("[{\"kind\":\"server_error\",\"probability\":0.5}]")
            .put("/control/faults")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath()
            .getString("faults[0].id");

    given()
        .get("/control/faults")
        .then()
        .body("faults.kind", equalTo(java.util.List.of("server_error")));
    given().delete("/control/faults/" + id).then().statusCode(204);
    given()
        .delete("/control/faults/" + id)
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void controlNeedsNoTokenAndSaysWhatIsNotThere() {
    given().get("/control/health").then().statusCode(200).body("status", equalTo("UP"));
    given()
        .get("/control/droplets/1")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("detail", containsString("1"));
    given().get("/control/nothing").then().statusCode(404).contentType("application/problem+json");
  }
}
