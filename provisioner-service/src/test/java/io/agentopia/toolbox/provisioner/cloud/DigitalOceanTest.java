package io.agentopia.toolbox.provisioner.cloud;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOcean;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The adapter keeps the contract against DigitalOcean's API, and says truly what became of a call
 * that went wrong.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(SimulatorResource.class)
class DigitalOceanTest extends CloudProviderContract {
  @Inject DigitalOcean digitalOcean;
  @Inject Pool pool;

  @Override
  CloudProvider cloud() {
    return digitalOcean;
  }

  @AfterEach
  void noFaultsAndAFreshBudget() {
    given().delete(SimulatorResource.url() + "/control/faults");
    freshBudget();
  }

  private void freshBudget() {
    get(pool.query("delete from cloud_budget").execute());
  }

  @Test
  void aRateLimitIsDeferredForAsLongAsTheCloudSays() {
    fault("{\"kind\": \"rate_limited\", \"retryAfterSeconds\": 7, \"count\": 1}");
    assertThat(get(cloud().create(request("nyc3"))))
        .isInstanceOfSatisfying(
            Created.Deferred.class,
            d -> assertThat(d.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    freshBudget();
    fault("{\"kind\": \"rate_limited\", \"retryAfterSeconds\": 3, \"count\": 1}");
    assertThat(get(cloud().list(FLEET)))
        .isInstanceOfSatisfying(
            Listed.Unavailable.class,
            u -> assertThat(u.retryAfter()).isEqualTo(Duration.ofSeconds(3)));
  }

  @Test
  void afterARefusalNothingGoesOutUntilTheCloudTakesCallsAgain() {
    fault("{\"kind\": \"rate_limited\", \"retryAfterSeconds\": 1, \"count\": 1}");
    get(cloud().list(FLEET));
    var calls = calls();
    assertThat(get(cloud().create(request("nyc3")))).isInstanceOf(Created.Deferred.class);
    assertThat(get(cloud().list(FLEET))).isInstanceOf(Listed.Unavailable.class);
    assertThat(get(cloud().delete(1))).isInstanceOf(Deleted.Deferred.class);
    assertThat(get(cloud().isKnown(1))).isEqualTo(Known.UNSURE);
    assertThat(get(cloud().tag(1, "quarantined"))).isInstanceOf(Tagged.Deferred.class);
    assertThat(calls()).isEqualTo(calls);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> get(cloud().delete(1)) instanceof Deleted.Absent);
  }

  @Test
  void withoutTheDatabaseNothingGoesOut() {
    get(pool.query("alter table cloud_budget rename to cloud_budget_away").execute());
    try {
      var calls = calls();
      assertThatThrownBy(() -> get(cloud().create(request("nyc3"))))
          .hasMessageContaining("cloud_budget");
      assertThatThrownBy(() -> get(cloud().list(FLEET))).hasMessageContaining("cloud_budget");
      assertThat(calls()).isEqualTo(calls);
    } finally {
      get(pool.query("alter table cloud_budget_away rename to cloud_budget").execute());
    }
  }

  @Test
  void aServerErrorLeavesItUnsureWhetherADropletExists() {
    fault("{\"kind\": \"server_error\", \"status\": 503, \"count\": 1}");
    assertThat(get(cloud().create(request("nyc3")))).isInstanceOf(Created.Unsure.class);
    fault("{\"kind\": \"server_error\", \"status\": 500, \"count\": 2}");
    assertThat(get(cloud().delete(1))).isInstanceOf(Deleted.Deferred.class);
    assertThat(get(cloud().isKnown(1))).isEqualTo(Known.UNSURE);
  }

  @Test
  void anAnswerThatNeverComesIsUnsureAndTheDropletIsFoundByItsTag() {
    fault("{\"kind\": \"timeout_after_create\", \"delayMs\": 500, \"count\": 1}");
    assertThat(get(cloud().create(request("nyc3")))).isInstanceOf(Created.Unsure.class);
    assertThat(listed()).hasSize(1);
    delete(listed().getFirst().id());
  }

  @Test
  void aWrongTokenIsRefusedForGood() {
    fault("{\"kind\": \"unauthorized\", \"count\": 1}");
    assertThat(get(cloud().create(request("nyc3"))))
        .isInstanceOfSatisfying(
            Created.Refused.class,
            r -> assertThat(r.code()).isEqualTo("cloud_credentials_refused"));
  }

  @Test
  void aDropletThatAListHidesIsKnownAllTheSame() {
    fault("{\"kind\": \"stale_list\", \"delayMs\": 60000}");
    var id = create();
    assertThat(listed()).isEmpty();
    assertThat(get(cloud().isKnown(id))).isEqualTo(Known.YES);
    given().delete(SimulatorResource.url() + "/control/faults");
    delete(id);
  }

  private static int calls() {
    return given().get(SimulatorResource.url() + "/control/ledger").path("requests.total");
  }

  private static void fault(String json) {
    given()
        .contentType("application/json")
        .body(json)
        .post(SimulatorResource.url() + "/control/faults")
        .then()
        .statusCode(201);
  }
}
