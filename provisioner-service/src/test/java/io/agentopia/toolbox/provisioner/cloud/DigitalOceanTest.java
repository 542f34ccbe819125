package io.agentopia.toolbox.provisioner.cloud;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOcean;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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

  @Override
  CloudProvider cloud() {
    return digitalOcean;
  }

  @AfterEach
  void noFaults() {
    given().delete(SimulatorResource.url() + "/control/faults");
  }

  @Test
  void aRateLimitIsDeferredForAsLongAsTheCloudSays() {
    fault("{\"kind\": \"rate_limited\", \"retryAfterSeconds\": 7, \"count\": 1}");
    assertThat(get(cloud().create(request("nyc3"))))
        .isInstanceOfSatisfying(
            Created.Deferred.class,
            d -> assertThat(d.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    fault("{\"kind\": \"rate_limited\", \"retryAfterSeconds\": 3, \"count\": 1}");
    assertThat(get(cloud().list(Tags.FLEET)))
        .isInstanceOfSatisfying(
            Listed.Unavailable.class,
            u -> assertThat(u.retryAfter()).isEqualTo(Duration.ofSeconds(3)));
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
    noFaults();
    delete(id);
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
