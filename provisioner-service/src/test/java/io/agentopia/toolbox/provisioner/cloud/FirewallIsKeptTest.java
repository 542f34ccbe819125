package io.agentopia.toolbox.provisioner.cloud;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The provisioner against the simulated cloud's firewalls. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(SimulatorResource.class)
@TestProfile(FirewallIsKeptTest.Managed.class)
class FirewallIsKeptTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String OURS = "firewalls.findAll { it.name == 'agentopia-toolbox' }";

  public static final class Managed implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "provisioner.firewall.sources", "203.0.113.7/32,2001:db8::/64",
          "provisioner.firewall.every", "0.5S");
    }
  }

  @BeforeEach
  void itIsThere() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                firewalls()
                    .body(OURS + ".size()", equalTo(1))
                    .body(OURS + "[0].tags", contains("agentopia-toolbox"))
                    .body(OURS + "[0].inbound_rules.ports", contains("30000"))
                    .body(
                        OURS + "[0].inbound_rules[0].sources.addresses",
                        containsInAnyOrder("203.0.113.7/32", "2001:db8:0:0:0:0:0:0/64"))
                    .body(
                        OURS + "[0].outbound_rules.protocol",
                        containsInAnyOrder("tcp", "udp", "icmp")));
  }

  @Test
  void itIsMadeAgainWhenItWasDeleted() {
    var id = id();
    cloud().delete("/v2/firewalls/" + id).then().statusCode(204);
    await().atMost(PATIENCE).until(() -> !ids().isEmpty() && !ids().contains(id));
    itIsThere();
  }

  @Test
  void aRuleAndATagFromOutsideAreTakenBackAndTheFirewallStaysTheSame() {
    var id = id();
    cloud()
        .body(
            "{\"inbound_rules\": [{\"protocol\": \"tcp\", \"ports\": \"22\", \"sources\": {\"addresses\": [\"0.0.0.0/0\"]}}]}")
        .post("/v2/firewalls/" + id + "/rules")
        .then()
        .statusCode(204);
    itIsThere();
    cloud()
        .body("{\"tags\": [\"agentopia-toolbox\"]}")
        .delete("/v2/firewalls/" + id + "/tags")
        .then()
        .statusCode(204);
    itIsThere();
    assertThat(id()).isEqualTo(id);
  }

  private static String id() {
    return ids().getFirst();
  }

  private static List<String> ids() {
    return firewalls().extract().jsonPath().getList(OURS + ".id", String.class);
  }

  private static ValidatableResponse firewalls() {
    return cloud().get("/v2/firewalls").then().statusCode(200);
  }

  private static RequestSpecification cloud() {
    return given()
        .baseUri(SimulatorResource.url())
        .header("Authorization", "Bearer " + SimulatorResource.TOKEN)
        .contentType("application/json");
  }
}
