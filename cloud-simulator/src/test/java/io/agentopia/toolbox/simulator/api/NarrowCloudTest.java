package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.api;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Small limits, and droplets that share one address as on macOS. */
@QuarkusTest
@TestProfile(NarrowCloudTest.Narrow.class)
class NarrowCloudTest {
  public static class Narrow extends FastCloud {
    @Override
    public Map<String, String> getConfigOverrides() {
      var config = super.getConfigOverrides();
      config.put("simulator.droplet-limit", "1");
      config.put("simulator.addresses", "shared");
      config.put("simulator.rate-limits.per-minute", "40");
      return config;
    }
  }

  @Test
  void theAccountHasLimits() throws Exception {
    try (var gateway = new Gateway(202)) {
      var id = Client.created(droplet("only").put("user_data", gateway.userData("t")));
      api()
          .body(droplet("second").toString())
          .post("/v2/droplets")
          .then()
          .statusCode(422)
          .body(
              "message", equalTo("creating this/these droplet(s) will exceed your droplet limit"));

      // Asked without the API's rate limit.
      Client.eventually(() -> Client.inside(id).extract().jsonPath().get("machine.pid") != null);
      Client.inside(id)
          .body("droplet.address", equalTo("127.0.0.1"))
          .body("machine.agentPort", notNullValue());
    }

    for (var i = 0; i < 40; i++) {
      api().get("/v2/regions");
    }
    api()
        .get("/v2/regions")
        .then()
        .statusCode(429)
        .header("retry-after", notNullValue())
        .header("ratelimit-limit", "100000")
        .body("id", equalTo("too_many_requests"));
  }
}
