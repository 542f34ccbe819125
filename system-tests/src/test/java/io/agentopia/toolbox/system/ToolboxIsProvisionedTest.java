package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class ToolboxIsProvisionedTest extends Story {
  @Test
  void aRequestBecomesAnActiveToolboxWithAHealthyAgent() {
    var id = activeToolbox(uniqueName("provisioned"));
    var toolbox = USER.get("/v1/toolboxes/" + id).body();

    assertThat(toolbox.path("ipv4").asText()).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    assertThat(toolbox.path("generation").asLong()).isEqualTo(1);
    assertThat(
            StreamSupport.stream(toolbox.path("timeline").spliterator(), false)
                .map(s -> s.path("stage").asText()))
        .contains("accepted", "droplet_created", "address", "joined", "healthy");
    assertThat(PLATFORM.liveDroplets(id)).hasSize(1);

    patiently("health to be healthy")
        .until(() -> "healthy".equals(USER.get("/v1/toolboxes/" + id + "/health").text("/status")));
    var status = agentStatus(id);
    assertThat(status.status()).isEqualTo(200);
    assertThat(status.text("/service")).isEqualTo("DTMA");
    assertThat(status.text("/system_metrics/cpu_usage")).matches("\\d+(\\.\\d+)?%");
    delete(id);
  }

  @Test
  void theSameRequestWithOneIdempotencyKeyMakesOneToolbox() {
    var name = uniqueName("idempotent");
    var first =
        PLATFORM
            .userWithIdempotencyKey(name)
            .post("/v1/toolboxes", toolbox(name, "nyc3", "s-1vcpu-1gb"));
    var second =
        PLATFORM
            .userWithIdempotencyKey(name)
            .post("/v1/toolboxes", toolbox(name, "nyc3", "s-1vcpu-1gb"));
    assertThat(second.text("/id")).isEqualTo(first.text("/id"));
    delete(first.text("/id"));
  }

  @Test
  void badInputIsAnsweredWithTheFieldAtFault() {
    assertField(USER.post("/v1/toolboxes", toolbox("ok", "mars1", "s-1vcpu-1gb")), 400, "region");
    assertField(USER.post("/v1/toolboxes", toolbox("ok", "nyc3", "s-999")), 400, "size");
    assertField(
        USER.post("/v1/toolboxes", toolbox("x".repeat(64), "nyc3", "s-1vcpu-1gb")), 400, "name");
    assertThat(USER.post("/v1/toolboxes", "{\"name\":").status()).isEqualTo(400);
    assertThat(USER.get("/v1/toolboxes/0199a2b4-0000-7000-8000-00000000dead").status())
        .isEqualTo(404);
    assertThat(PLATFORM.stranger().get("/v1/toolboxes").status()).isEqualTo(401);
  }

  private static void assertField(Api.Answer answer, int status, String field) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(
            StreamSupport.stream(answer.body().path("errors").spliterator(), false)
                .map((JsonNode e) -> e.path("field").asText()))
        .contains(field);
  }
}
